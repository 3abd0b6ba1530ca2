// Reads pods as JSON lines and answers what the pod security library says of each: for both levels, from which minor version on which text.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

const newest = 36

// Answer holds from Since on, until the next one.
type Answer struct {
	Level  api.Level `json:"level"`
	Since  int       `json:"since"`
	Detail string    `json:"detail"`
	Reason string    `json:"reason"`
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		panic(err)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		pod := &corev1.Pod{}
		if err := json.Unmarshal(in.Bytes(), pod); err != nil {
			panic(err)
		}
		var answers []Answer
		for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
			last := ""
			for minor := 0; minor <= newest; minor++ {
				version := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
				result := policy.AggregateCheckResults(evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec))
				answer := Answer{level, minor, result.ForbiddenDetail(), result.ForbiddenReason()}
				if minor == 0 || answer.Detail != last {
					answers = append(answers, answer)
				}
				last = answer.Detail
			}
		}
		if err := out.Encode(answers); err != nil {
			panic(err)
		}
	}
}
