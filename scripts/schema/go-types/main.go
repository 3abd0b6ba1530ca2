// Prints the Go layout of every API type reachable from the Kubernetes schemes, as JSON on stdout.
package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"reflect"
	"sort"
	"strconv"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// Field is one struct field, in declaration order.
type Field struct {
	Go        string `json:"go"`
	JSON      string `json:"json"`
	Inline    bool   `json:"inline,omitempty"`
	OmitEmpty bool   `json:"omitEmpty,omitempty"`
	OmitZero  bool   `json:"omitZero,omitempty"`
	Type      string `json:"type"`
	Strategy  string `json:"strategy,omitempty"`
	MergeKey  string `json:"mergeKey,omitempty"`
}

// Type is one named type. Types are written as Go type expressions with the full package path in place of the package name.
type Type struct {
	ID        string  `json:"id"`
	Print     string  `json:"print"`
	Kind      string  `json:"kind"`
	Elem      string  `json:"elem,omitempty"`
	JSONText  bool    `json:"unmarshalsJSON,omitempty"`
	PlainText bool    `json:"unmarshalsText,omitempty"`
	IsZero    bool    `json:"isZero,omitempty"`
	Fields    []Field `json:"fields,omitempty"`
}

// Kind is one registered group, version and kind with its Go type and, where upstream states it, its life.
type Kind struct {
	Group       string `json:"group"`
	Version     string `json:"version"`
	Kind        string `json:"kind"`
	Type        string `json:"type"`
	Introduced  string `json:"introduced,omitempty"`
	Deprecated  string `json:"deprecated,omitempty"`
	Removed     string `json:"removed,omitempty"`
	Replacement string `json:"replacement,omitempty"`
}

func release(major, minor int) string {
	if major == 0 && minor == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", major, minor)
}

func describe(gvk schema.GroupVersionKind, t reflect.Type) Kind {
	kind := Kind{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind, Type: name(t)}
	value := reflect.New(t).Interface()
	if life, ok := value.(interface{ APILifecycleIntroduced() (int, int) }); ok {
		kind.Introduced = release(life.APILifecycleIntroduced())
	}
	if life, ok := value.(interface{ APILifecycleDeprecated() (int, int) }); ok {
		kind.Deprecated = release(life.APILifecycleDeprecated())
	}
	if life, ok := value.(interface{ APILifecycleRemoved() (int, int) }); ok {
		kind.Removed = release(life.APILifecycleRemoved())
	}
	if life, ok := value.(interface {
		APILifecycleReplacement() schema.GroupVersionKind
	}); ok {
		next := life.APILifecycleReplacement()
		kind.Replacement = next.GroupVersion().String() + " " + next.Kind
	}
	return kind
}

var (
	jsonUnmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()
	textUnmarshaler = reflect.TypeOf((*encoding.TextUnmarshaler)(nil)).Elem()
	seen            = map[string]*Type{}
)

func name(t reflect.Type) string {
	if t.Name() != "" {
		if t.PkgPath() == "" {
			return t.Name()
		}
		return t.PkgPath() + "." + t.Name()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + name(t.Elem())
	case reflect.Slice:
		return "[]" + name(t.Elem())
	case reflect.Map:
		return "map[" + name(t.Key()) + "]" + name(t.Elem())
	}
	return t.String()
}

func visit(t reflect.Type) {
	if t.Name() == "" {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			visit(t.Elem())
		case reflect.Map:
			visit(t.Key())
			visit(t.Elem())
		}
		return
	}
	if t.PkgPath() == "" || seen[name(t)] != nil {
		return
	}
	p := reflect.PointerTo(t)
	out := &Type{ID: name(t), Print: t.String(), Kind: t.Kind().String(), JSONText: p.Implements(jsonUnmarshaler), PlainText: p.Implements(textUnmarshaler)}
	_, out.IsZero = p.MethodByName("IsZero")
	seen[out.ID] = out
	switch t.Kind() {
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			if !f.IsExported() && !f.Anonymous {
				continue
			}
			tag := strings.Split(f.Tag.Get("json"), ",")
			field := Field{Go: f.Name, JSON: tag[0], Type: name(f.Type), Strategy: f.Tag.Get("patchStrategy"), MergeKey: f.Tag.Get("patchMergeKey")}
			for _, option := range tag[1:] {
				field.OmitEmpty = field.OmitEmpty || option == "omitempty"
				field.OmitZero = field.OmitZero || option == "omitzero"
			}
			if field.JSON == "" {
				field.Inline = f.Anonymous
				if !f.Anonymous {
					field.JSON = f.Name
				}
			}
			out.Fields = append(out.Fields, field)
			if !strings.HasPrefix(t.PkgPath(), "time") {
				visit(f.Type)
			}
		}
	case reflect.Slice:
		out.Elem = "[]" + name(t.Elem())
		visit(t.Elem())
	case reflect.Map:
		out.Elem = "map[" + name(t.Key()) + "]" + name(t.Elem())
		visit(t.Key())
		visit(t.Elem())
	}
}

// The folders of packages, as the go tool knows them.
func folders(packages []string) map[string]string {
	out, err := exec.Command("go", append([]string{"list", "-f", "{{.ImportPath}} {{.Dir}}"}, packages...)...).Output()
	if err != nil {
		panic(err)
	}
	dirs := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, dir, _ := strings.Cut(line, " ")
		dirs[path] = dir
	}
	return dirs
}

// The values of the string types marked +enum in a package: its constants of that type.
func enums(path, dir string, out map[string][]string) {
	packages, err := parser.ParseDir(token.NewFileSet(), dir, func(info os.FileInfo) bool {
		return !strings.HasSuffix(info.Name(), "_test.go")
	}, parser.ParseComments)
	if err != nil {
		panic(err)
	}
	marked := map[string]bool{}
	values := map[string][]string{}
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			for _, decl := range file.Decls {
				group, ok := decl.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, spec := range group.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						for _, doc := range []*ast.CommentGroup{group.Doc, spec.Doc} {
							if doc == nil {
								continue
							}
							for _, comment := range doc.List {
								if strings.TrimSpace(strings.TrimPrefix(comment.Text, "//")) == "+enum" {
									marked[spec.Name.Name] = true
								}
							}
						}
					case *ast.ValueSpec:
						name, ok := spec.Type.(*ast.Ident)
						if group.Tok != token.CONST || !ok {
							continue
						}
						for _, value := range spec.Values {
							if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
								text, _ := strconv.Unquote(literal.Value)
								values[name.Name] = append(values[name.Name], text)
							}
						}
					}
				}
			}
		}
	}
	for name := range marked {
		list := values[name]
		sort.Strings(list)
		out[path+"."+name] = list
	}
}

func main() {
	types := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := add(types); err != nil {
			panic(err)
		}
	}
	var out struct {
		Kinds []Kind              `json:"kinds"`
		Types []*Type             `json:"types"`
		Enums map[string][]string `json:"enums"`
	}
	for gvk, t := range types.AllKnownTypes() {
		if gvk.Version == runtime.APIVersionInternal {
			continue
		}
		visit(t)
		out.Kinds = append(out.Kinds, describe(gvk, t))
	}
	sort.Slice(out.Kinds, func(i, j int) bool {
		a, b := out.Kinds[i], out.Kinds[j]
		return a.Group+"\x00"+a.Version+"\x00"+a.Kind < b.Group+"\x00"+b.Version+"\x00"+b.Kind
	})
	for _, t := range seen {
		out.Types = append(out.Types, t)
	}
	packages := map[string]bool{}
	for _, t := range seen {
		if dot := strings.LastIndex(t.ID, "."); strings.HasPrefix(t.ID, "k8s.io/") {
			packages[t.ID[:dot]] = true
		}
	}
	var paths []string
	for path := range packages {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	out.Enums = map[string][]string{}
	for path, dir := range folders(paths) {
		enums(path, dir, out.Enums)
	}
	sort.Slice(out.Types, func(i, j int) bool { return out.Types[i].ID < out.Types[j].ID })
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}
