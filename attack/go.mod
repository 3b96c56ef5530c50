module dev.sluice/attack

go 1.26.0

require (
	golang.org/x/net v0.57.0
	gopkg.in/yaml.v3 v3.0.1
)

require golang.org/x/text v0.40.0 // indirect
