module podsecurity

go 1.26.0
