package main

import (
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// load is a number of connections that send one request after another.
type load struct {
	mu       sync.Mutex
	sent     int
	failures map[string]int
	first    []string
	slowest  time.Duration
	stop     chan struct{}
	wg       sync.WaitGroup
}

func startLoad(url, host string) *load {
	l := &load{failures: map[string]int{}, stop: make(chan struct{})}
	for range *conns {
		l.wg.Go(func() {
			transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableKeepAlives: *fresh,
				DialContext: (&net.Dialer{Timeout: 3 * time.Second}).DialContext}
			client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
			for {
				select {
				case <-l.stop:
					return
				case <-time.After(*pause):
					l.send(client, url, host)
				}
			}
		})
	}
	return l
}

func (l *load) send(client *http.Client, url, host string) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	must(err)
	if host != "" {
		req.Host = host
	}
	start := time.Now()
	failure := ""
	resp, err := client.Do(req)
	if err != nil {
		failure = err.Error()
	} else {
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			failure = "body: " + err.Error()
		} else if resp.StatusCode != http.StatusOK {
			failure = resp.Status
		}
		resp.Body.Close()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	l.slowest = max(l.slowest, time.Since(start))
	if failure != "" {
		l.failures[failure]++
		if len(l.first) < 5 {
			l.first = append(l.first, fmt.Sprintf("%s %s", time.Now().Format("15:04:05.000"), failure))
		}
	}
}

func (l *load) end() object {
	close(l.stop)
	l.wg.Wait()
	failed := 0
	for _, n := range slices.Collect(maps.Values(l.failures)) {
		failed += n
	}
	return object{"requests": l.sent, "failed": failed, "failures": l.failures, "first": l.first, "slowestMillis": millis(l.slowest)}
}

func httpClient() *http.Client { return &http.Client{Timeout: 10 * time.Second} }

func loadOnly() any {
	l := startLoadWhenServed(*url, *host)
	time.Sleep(time.Duration(*seconds) * time.Second)
	return l.end()
}
