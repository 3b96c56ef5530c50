// Command coredns stands in for CoreDNS, which the suite's base manifests
// deploy as the backend of its UDP tests: it answers the pod's probes and no
// query. Build CoreDNS itself in its place when the UDP profile is claimed.
package main

import (
	"log"
	"net/http"
)

func main() {
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	go func() { log.Fatal(http.ListenAndServe(":8080", ok)) }() // health
	log.Fatal(http.ListenAndServe(":8181", ok))                 // ready
}
