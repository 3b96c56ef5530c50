package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"time"
)

// probe applies routes one after the other and asks for each until it is
// served: 404 before and 200 after is right, everything else an error.
func probe() any {
	const namespace = "probe"
	address := gateway(namespace)
	serve()
	service(namespace, "backend", *backend)
	var under object
	if *scale > 0 {
		churn(namespace)
		under = measured()
	}
	client := &http.Client{Timeout: 5 * time.Second}
	ask := func(i int) int {
		req, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://%s/%d", address, i), nil)
		must(err)
		req.Host = fmt.Sprintf("%d-route.example.com", i)
		resp, err := client.Do(req)
		if err != nil {
			log.Print(err)
			return 0
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		return resp.StatusCode
	}
	for range 100 { // the address takes a moment to reach kube-proxy
		if ask(0) == http.StatusNotFound {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var times []time.Duration
	creating := time.Duration(0)
	errors := map[int]int{}
	modify := object{"filters": []object{
		{"type": "RequestHeaderModifier", "requestHeaderModifier": object{"set": []object{{"name": "x-a", "value": "a"}}}},
		{"type": "ResponseHeaderModifier", "responseHeaderModifier": object{"set": []object{{"name": "x-b", "value": "b"}}}}}}
	begin := time.Now()
	for i := range *routes {
		r := route(fmt.Sprintf("route-%d", i), namespace, fmt.Sprintf("%d-route.example.com", i),
			rule(fmt.Sprintf("/%d", i), "backend", 80, modify), rule("/", "missing", 80))
		start := time.Now()
		create(namespaced(gatewayAPI, namespace, "httproutes"), r)
		creating += time.Since(start)
		for {
			code := ask(i)
			if code == http.StatusOK {
				break
			}
			if code != http.StatusNotFound {
				errors[code]++
			}
			if time.Since(start) > 30*time.Second {
				log.Fatalf("route %d is not served after 30 s", i)
			}
			time.Sleep(5 * time.Millisecond)
		}
		times = append(times, time.Since(start))
		for range 5 { // it stays
			if code := ask(i); code != http.StatusOK {
				errors[code]++
			}
		}
	}
	total := time.Since(begin)
	sum := time.Duration(0)
	for _, t := range times {
		sum += t
	}
	slices.Sort(times)
	at := func(q float64) float64 { return millis(times[min(int(q*float64(len(times))), len(times)-1)]) }
	return object{"routes": *routes, "churning": *scale, "meanMillis": millis(sum / time.Duration(len(times))), "p50Millis": at(0.5),
		"createMeanMillis": millis(creating / time.Duration(len(times))),
		"p99Millis":        at(0.99), "maxMillis": at(1), "errors": errors, "totalSeconds": total.Seconds(), "before": under}
}
