package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// outcome is a row of the report.
type outcome struct {
	attack, compared sample
	peak             int64
	detail           string
	wrong            []string
}

const notReady = "is not ready afterwards"

// warm compiles the path of requests, so that the first attack is not measured on a cold JVM.
func (e *env) warm() {
	ctx, cancel := context.WithTimeout(context.Background(), 6*time.Second)
	defer cancel()
	e.load.run(ctx, 1.5)
}

// judge runs an attack. Latency that is too high is measured again, until three measurements of five agree: a
// machine has other things to do, too. Twice far too high is enough.
func (e *env) judge(a attack) outcome {
	good, bad, far := 0, 0, 0
	for {
		o := e.once(a)
		switch ratio := o.ratio(); {
		case len(o.wrong) > 0 || ratio <= 2 && bad == 0:
			return o
		case ratio <= 2:
			good++
		default:
			bad++
			if ratio > 8 {
				far++
			}
		}
		if good == 3 {
			return o
		}
		if bad == 3 || far == 2 {
			o.wrong = append(o.wrong, "slows others down")
			return o
		}
	}
}

func (e *env) once(a attack) (o outcome) {
	length := e.duration * time.Duration(max(a.long, 1))
	e.gateway.forgetPeak()
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	before, since := e.gateway.cpu(), time.Now()
	watched := make(chan sample, 1)
	watching, enough := context.WithCancel(ctx)
	defer enough()
	go func() { watched <- watch(watching) }()
	var detail string
	var err error
	var attacker sync.WaitGroup
	attacker.Go(func() {
		giveWay()
		detail, err = a.run(ctx, e)
	})
	attacker.Wait()
	if a.probe {
		enough()
	}
	o.attack, o.detail = <-watched, detail
	cost := (e.gateway.cpu() - before).Seconds() / time.Since(since).Seconds()
	if err != nil {
		o.wrong = append(o.wrong, err.Error())
	}
	o.peak = e.gateway.peak()
	if !e.gateway.alive() {
		o.wrong = append(o.wrong, "the process ended")
		return o
	}
	if o.peak >= e.gateway.limit {
		o.wrong = append(o.wrong, "memory is above the limit")
	}
	if o.attack.errors > 0 || o.attack.requests == 0 {
		o.wrong = append(o.wrong, "another client had errors: "+o.attack.first)
	}
	if !e.gateway.ready() {
		o.wrong = append(o.wrong, notReady)
	}
	if !e.calm() {
		o.wrong = append(o.wrong, "is still busy 10 s afterwards")
	}
	if !a.probe && len(o.wrong) == 0 {
		ctx, cancel := context.WithTimeout(context.Background(), e.duration)
		defer cancel()
		same := make(chan float64)
		go func() { same <- e.load.run(ctx, cost) }()
		time.Sleep(e.duration / 3) // until the load costs as much
		o.compared = watch(ctx)
		o.detail += fmt.Sprintf(" (%.2f cores, harmless %.2f)", cost, <-same)
	}
	return o
}

// calm waits until nothing of an attack is left to do.
func (e *env) calm() bool {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		before := e.gateway.cpu()
		time.Sleep(100 * time.Millisecond)
		if e.gateway.cpu()-before <= 20*time.Millisecond {
			return true
		}
	}
	return false
}

func (o outcome) ratio() float64 {
	if o.compared.p50 == 0 {
		return 0
	}
	return o.attack.p50.Seconds() / o.compared.p50.Seconds()
}

func (o outcome) print(name string) {
	verdict, detail := "ok", o.detail
	if len(o.wrong) > 0 {
		verdict, detail = "FAIL", strings.Join(o.wrong, "; ")+" | "+detail
	}
	fmt.Printf("%-31s %-4s %8d %9d %6d %9.2f %9.2f %6.2f  %s\n", name, verdict, o.peak>>20, o.attack.requests, o.attack.errors,
		o.attack.p50.Seconds()*1000, o.compared.p50.Seconds()*1000, o.ratio(), detail)
}
