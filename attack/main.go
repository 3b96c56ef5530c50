// Command attack starts Sluice as it is shipped, attacks it, and measures what another client notices.
//
// An attack passes when the process lives, holds less than the shipped memory limit, a client that does nothing wrong has
// no error, and its median latency is at most twice what it is under plain requests that cost as much CPU time.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

type attack struct {
	name  string
	probe bool // asserts answers; too short to be a load
	long  int  // times the usual length, where it takes a while to be at its height
	run   func(context.Context, *env) (detail string, err error)
}

// lateAttacks look at what was begun before the others.
var lateAttacks = []attack{{name: "begun-and-left", probe: true, run: begunAndLeft}}

type env struct {
	gateway  *gateway
	backends *backends
	load     *plainLoad
	begun    map[string]net.Conn // what they have sent so far
	begunAt  time.Time
	duration time.Duration
}

func main() {
	root := flag.String("root", ".", "the repository")
	only := flag.String("only", "", "names of attacks, by commas; all if empty")
	seconds := flag.Float64("seconds", 2, "the length of an attack, and of the load that it is compared with")
	flag.Parse()
	runtime.GOMAXPROCS(threads)
	runtime.LockOSThread() // a gateway that this thread starts ends with it
	if err := run(*root, *only, time.Duration(*seconds*float64(time.Second))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root, only string, duration time.Duration) error {
	dir := filepath.Join(root, "target/attack/run")
	os.RemoveAll(dir)
	if err := configure(dir); err != nil {
		return err
	}
	e := &env{backends: &backends{}, duration: duration}
	if err := e.backends.start(); err != nil {
		return err
	}
	var err error
	if e.gateway, err = shipped(root, dir); err != nil {
		return err
	}
	if err := e.gateway.start(); err != nil {
		return err
	}
	defer func() { e.gateway.stop() }()
	cgroup := "in a memory cgroup"
	if e.gateway.group == "" {
		cgroup = "without a memory cgroup"
	}
	fmt.Printf("limit %d MiB (%s), %s\n", e.gateway.limit>>20, cgroup, strings.Join(e.gateway.env[1:], " "))
	e.load = &plainLoad{gateway: e.gateway, perRequest: 0.001}
	if err := e.begin(); err != nil {
		return err
	}
	e.warm()
	fmt.Printf("%-31s %-4s %8s %9s %6s %9s %9s %6s  %s\n", "attack", "", "peak MiB", "requests", "errors", "p50 ms", "harmless", "ratio", "detail")
	passed, failed := 0, 0
	for _, a := range slices.Concat(wireAttacks, h1Attacks, h2Attacks, lateAttacks) {
		if only != "" && !slices.Contains(strings.Split(only, ","), a.name) {
			continue
		}
		o := e.judge(a)
		o.print(a.name)
		if len(o.wrong) == 0 {
			passed++
		} else {
			failed++
		}
		if !e.gateway.alive() || slices.Contains(o.wrong, notReady) {
			e.gateway.stop()
			if err := e.gateway.start(); err != nil {
				return err
			}
			e.warm()
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		return fmt.Errorf("log of Sluice: %s/sluice.log", dir)
	}
	return nil
}
