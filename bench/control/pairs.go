package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

var folder = flag.String("folder", "src/test/resources/translation/policy", "golden pairs, and base.yaml that all of them share")

const noRedis = "no Redis is configured in this cluster"

// Why a pair cannot end here as it does in the tests of the translation.
var elsewhere = map[string]string{
	"sessions-in-redis": noRedis,
	"sessions-that-wait-too-long-or-never-idle-answer-500": noRedis,
}

// pairs applies the inputs of golden pairs of the translation, one after
// another, and compares the statuses that Sluice writes with the golden ones.
func pairs() any {
	base := documents(filepath.Join(*folder, "base.yaml"))
	files, err := filepath.Glob(filepath.Join(*folder, "*.in.yaml"))
	must(err)
	for _, one := range base {
		must(apply(one))
	}
	refused, left, differ := []string{}, []string{}, []string{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".in.yaml")
		if reason, known := elsewhere[name]; known {
			left = append(left, name+": "+reason)
			continue
		}
		input := documents(file)
		slices.SortStableFunc(input, func(a, b object) int { return strings.Compare(age(a), age(b)) })
		wanted := golden(strings.TrimSuffix(file, ".in.yaml") + ".out.yaml")
		difference := ""
		if err := applyByAge(input); err == nil {
			difference = settle(wanted)
		} else if strings.Contains(text(wanted), `status: "false"`) {
			refused = append(refused, fmt.Sprintf("%s: %v", name, err)) // sooner than here
		} else {
			difference = err.Error()
		}
		if difference != "" {
			log.Printf("%s:\n%s", name, difference)
			differ = append(differ, name)
		}
		for _, one := range input {
			remove(address(one))
		}
		for _, one := range base {
			must(apply(one))
		}
	}
	return object{"pairs": len(files), "equal": len(files) - len(refused) - len(left) - len(differ), "refused": refused, "left": left, "differ": differ}
}

// applyByAge gives objects of different ages different seconds of creation.
func applyByAge(objects []object) error {
	for i, one := range objects {
		if i > 0 && age(one) != age(objects[i-1]) {
			time.Sleep(1100 * time.Millisecond)
		}
		if err := apply(one); err != nil {
			return err
		}
	}
	return nil
}

func age(o object) string {
	created, _ := metadata(o)["creationTimestamp"].(string)
	return created
}

func metadata(o object) object { return o["metadata"].(object) }

func documents(file string) []object {
	text, err := os.ReadFile(file)
	must(err)
	var all []object
	for _, part := range strings.Split(string(text), "\n---\n") {
		one := object{}
		must(yaml.Unmarshal([]byte(part), &one))
		if len(one) > 0 {
			all = append(all, one)
		}
	}
	return all
}

func plural(kind string) string {
	kind = strings.ToLower(kind)
	switch {
	case strings.HasSuffix(kind, "cy"):
		return kind[:len(kind)-1] + "ies"
	case strings.HasSuffix(kind, "ss"):
		return kind + "es"
	}
	return kind + "s"
}

// address of an object; those without a namespace are in default.
func address(o object) string {
	version, kind, name := o["apiVersion"].(string), o["kind"].(string), metadata(o)["name"].(string)
	root := "/apis/" + version
	if !strings.Contains(version, "/") {
		root = "/api/" + version
	}
	if kind == "GatewayClass" || kind == "Namespace" {
		return root + "/" + plural(kind) + "/" + name
	}
	namespace, _ := metadata(o)["namespace"].(string)
	if namespace == "" {
		namespace = "default"
	}
	return namespaced(root, namespace, plural(kind)+"/"+name)
}

func apply(o object) error {
	one := object{}
	for k, v := range o {
		one[k] = v
	}
	meta := object{}
	for k, v := range metadata(o) {
		if k != "creationTimestamp" && k != "generation" { // the API server's own
			meta[k] = v
		}
	}
	one["metadata"] = meta
	if namespace, _ := meta["namespace"].(string); namespace != "" {
		create("/api/v1/namespaces", object{"metadata": object{"name": namespace}})
	}
	code, answer := send(http.MethodPatch, address(o)+"?fieldManager=pairs&force=true", "application/apply-patch+yaml", one)
	if code/100 != 2 {
		var status struct{ Message string }
		if json.Unmarshal(answer, &status) != nil {
			log.Fatalf("%s: %d %s", address(o), code, answer)
		}
		return fmt.Errorf("%d %s", code, status.Message)
	}
	return nil
}

// golden statuses of policies and routes, by kind, namespace and name.
func golden(file string) map[string]any {
	text, err := os.ReadFile(file)
	must(err)
	var expected struct{ Statuses map[string]any }
	must(yaml.Unmarshal(text, &expected))
	wanted := map[string]any{}
	for ref, status := range expected.Statuses {
		kind, _, _ := strings.Cut(ref, " ")
		if strings.HasSuffix(kind, "Policy") || strings.HasSuffix(kind, "Route") {
			wanted[ref] = comparable(status)
		}
	}
	return wanted
}

// settle waits until the statuses are these, and tells what differs at last.
func settle(wanted map[string]any) string {
	var difference string
	for range 100 {
		difference = ""
		for ref, status := range wanted {
			if now := statusOf(ref); !reflect.DeepEqual(now, status) {
				difference += fmt.Sprintf("%s is\n%s\nand not\n%s\n", ref, text(now), text(status))
			}
		}
		if difference == "" {
			return ""
		}
		time.Sleep(100 * time.Millisecond)
	}
	return difference
}

func text(value any) string {
	data, err := yaml.Marshal(value)
	must(err)
	return string(data)
}

func statusOf(ref string) any {
	kind, rest, _ := strings.Cut(ref, " ")
	namespace, name, _ := strings.Cut(rest, "/")
	version := "policy.sluice.dev/v1alpha1"
	switch {
	case strings.HasSuffix(kind, "Route") || kind == "BackendTLSPolicy":
		version = "gateway.networking.k8s.io/v1"
	case kind == "XBackendTrafficPolicy":
		version = "gateway.networking.x-k8s.io/v1alpha1"
	}
	var found struct{ Status any }
	if !get(address(object{"apiVersion": version, "kind": kind, "metadata": object{"name": name, "namespace": namespace}}), &found) {
		return nil
	}
	return comparable(found.Status)
}

// comparable is a status without what the two forms tell differently: times,
// generations, empty messages, and how true is written.
func comparable(value any) any {
	switch value := value.(type) {
	case map[string]any:
		made := map[string]any{}
		for k, v := range value {
			switch {
			case k == "lastTransitionTime" || k == "observedGeneration" || v == "":
			case k == "status":
				made[k] = strings.ToLower(fmt.Sprint(v))
			default:
				made[k] = comparable(v)
			}
		}
		return made
	case []any:
		made := []any{}
		for _, v := range value {
			made = append(made, comparable(v))
		}
		return made
	}
	return value
}
