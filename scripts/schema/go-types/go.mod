module gotypes

go 1.26.0
