// Command openloop sends HTTP/1.1 requests at a fixed rate, whatever the answers take, and prints the latencies
// as JSON. A latency counts from the moment a request was due, so a stalled server is charged for the
// requests that had to wait behind the stall.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

func main() {
	address := flag.String("address", "127.0.0.1:8080", "host:port that is dialled")
	host := flag.String("host", "example.com", "Host of the requests")
	path := flag.String("path", "/", "target of the requests")
	rate := flag.Int("rate", 1000, "requests per second")
	connections := flag.Int("connections", 64, "connections that are kept open")
	duration := flag.Duration("duration", 10*time.Second, "how long requests are sent")
	flag.Parse()

	total := int(float64(*rate) * duration.Seconds())
	due := make(chan time.Time, total)
	latencies := make([][]time.Duration, *connections)
	failures := make([]int, *connections)
	request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", *path, *host)
	var workers sync.WaitGroup
	for i := range *connections {
		workers.Go(func() { latencies[i], failures[i] = serve(*address, request, due) })
	}
	start := time.Now()
	interval := time.Second / time.Duration(*rate)
	for i := range total {
		at := start.Add(time.Duration(i) * interval)
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	workers.Wait()
	report(slices.Concat(latencies...), failures, time.Since(start))
}

// serve sends what is due over one connection until nothing is due any more.
func serve(address string, request []byte, due <-chan time.Time) (latencies []time.Duration, failures int) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for at := range due {
		if _, err := connection.Write(request); err != nil {
			return latencies, failures + 1
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return latencies, failures + 1
		}
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			failures++
			continue
		}
		latencies = append(latencies, time.Since(at))
	}
	return latencies, failures
}

func report(latencies []time.Duration, failures []int, elapsed time.Duration) {
	slices.Sort(latencies)
	failed := 0
	for _, count := range failures {
		failed += count
	}
	at := func(share float64) float64 {
		if len(latencies) == 0 {
			return 0
		}
		index := min(int(share*float64(len(latencies))), len(latencies)-1)
		return float64(latencies[index].Nanoseconds()) / 1000
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"requests": len(latencies), "failures": failed, "seconds": elapsed.Seconds(),
		"p50_us": at(0.5), "p90_us": at(0.9), "p99_us": at(0.99), "p999_us": at(0.999),
	})
}
