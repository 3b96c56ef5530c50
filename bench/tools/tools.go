//go:build tools

// Package tools pins the tools that are built from here.
package tools

import _ "github.com/summerwind/h2spec/cmd/h2spec"
