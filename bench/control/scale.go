package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const perNamespace = 100

func app(i int) (namespace, name string) {
	return fmt.Sprintf("scale-%d", i/perNamespace), fmt.Sprintf("app-%d", i%perNamespace)
}

// pod is an address that nobody has: the endpoint of a route that is only there.
func pod() string { return fmt.Sprintf("10.99.%d.%d", rand.IntN(250)+1, rand.IntN(250)+1) }

// churn makes -scale routes of their own Services, then changes one route a
// second and one pod in two seconds for as long as the process lives.
func churn(gatewayNamespace string) {
	for i := 0; i < *scale; i += perNamespace {
		namespace, _ := app(i)
		create("/api/v1/namespaces", object{"metadata": object{"name": namespace}})
	}
	inParallel(*scale, func(i int) {
		namespace, name := app(i)
		service(namespace, name, pod())
		create(namespaced(gatewayAPI, namespace, "httproutes"),
			route(name, gatewayNamespace, name+"."+namespace+".example.com", rule("/", name, 80)))
	})
	go func() {
		for n := 0; ; n++ {
			time.Sleep(time.Second)
			namespace, name := app(rand.IntN(*scale))
			patch(namespaced(gatewayAPI, namespace, "httproutes/"+name), object{"spec": object{"rules": []object{
				rule(fmt.Sprintf("/version-%d", n), name, 80)}}})
			if n%2 == 0 {
				namespace, name = app(rand.IntN(*scale))
				patch(namespaced(discovery, namespace, "endpointslices/"+name), object{"endpoints": slice(name, pod())["endpoints"]})
			}
		}
	}()
}

// scaled measures Sluice's process while -scale routes churn.
func scaled() any {
	gateway("scale")
	churn("scale")
	return measured()
}

// measured watches Sluice's process for -seconds.
func measured() object {
	time.Sleep(20 * time.Second) // statuses are written, code is compiled
	pid := sluice()
	before := cpuSeconds(pid)
	start := time.Now()
	peak := 0.0
	for time.Since(start) < time.Duration(*seconds)*time.Second {
		peak = max(peak, residentMiB(pid))
		time.Sleep(time.Second)
	}
	return object{"routes": *scale, "seconds": *seconds, "residentMiB": peak,
		"cores": (cpuSeconds(pid) - before) / time.Since(start).Seconds()}
}

// sluice finds the process of Sluice.
func sluice() int {
	dirs, err := filepath.Glob("/proc/[0-9]*/cmdline")
	must(err)
	for _, file := range dirs {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), "sluice.jar") && strings.Contains(string(line), "java") {
			pid, err := strconv.Atoi(strings.Split(file, "/")[2])
			must(err)
			return pid
		}
	}
	panic("no process of Sluice")
}

func cpuSeconds(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	must(err)
	fields := strings.Fields(string(data)[strings.LastIndexByte(string(data), ')')+2:])
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100 // USER_HZ
}

func residentMiB(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	must(err)
	pages, _ := strconv.ParseFloat(strings.Fields(string(data))[1], 64)
	return pages * float64(os.Getpagesize()) / (1 << 20)
}
