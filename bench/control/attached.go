package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// attached creates routes as fast as it can, deletes them, and watches how
// attachedRoutes of their Gateway follows.
func attached() any {
	const namespace = "attached"
	gateway(namespace)
	service(namespace, "backend", *backend)
	var mu sync.Mutex
	var counts []int
	var times []time.Time
	go watch(namespaced(gatewayAPI, namespace, "gateways"), "gw", func(raw json.RawMessage) bool {
		var gw gatewayStatus
		must(json.Unmarshal(raw, &gw))
		if len(gw.Status.Listeners) == 1 {
			mu.Lock()
			counts, times = append(counts, gw.Status.Listeners[0].AttachedRoutes), append(times, time.Now())
			mu.Unlock()
		}
		return true
	})
	reached := func(want int, since time.Time) time.Duration {
		for range 3000 {
			mu.Lock()
			if n := len(counts); n > 0 && counts[n-1] == want {
				at := times[n-1]
				mu.Unlock()
				return max(at.Sub(since), 0)
			}
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
		}
		return 30 * time.Second
	}
	reached(0, time.Now())
	mu.Lock()
	before := len(counts)
	mu.Unlock()

	start := time.Now()
	inParallel(*routes, func(i int) {
		name := fmt.Sprintf("route-%d", i)
		create(namespaced(gatewayAPI, namespace, "httproutes"), route(name, namespace, name+".example.com", rule("/", "backend", 80)))
	})
	created := time.Now()
	addLag := reached(*routes, created)
	deleting := time.Now()
	inParallel(*routes, func(i int) {
		remove(namespaced(gatewayAPI, namespace, "httproutes") + fmt.Sprintf("/route-%d", i))
	})
	deleted := time.Now()
	removeLag := reached(0, deleted)
	mu.Lock()
	defer mu.Unlock()
	return object{"routes": *routes, "createSeconds": created.Sub(start).Seconds(), "deleteSeconds": deleted.Sub(deleting).Seconds(),
		"lagAfterLastCreateMillis": millis(addLag), "lagAfterLastDeleteMillis": millis(removeLag), "gatewayWrites": len(counts) - before}
}

// inParallel runs n tasks, a few at a time.
func inParallel(n int, task func(i int)) {
	var wg sync.WaitGroup
	permits := make(chan struct{}, 16)
	for i := range n {
		permits <- struct{}{}
		wg.Go(func() {
			defer func() { <-permits }()
			task(i)
		})
	}
	wg.Wait()
}
