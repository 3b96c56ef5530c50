package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// target is where a client sends its requests.
type target struct {
	url, host string
	tls       *tls.Config // null for clear text
	fresh     bool        // a connection for each request
}

// load is a number of clients that send one request after another.
type load struct {
	mu       sync.Mutex
	sent     int
	failures []failure
	slowest  time.Duration
	stop     chan struct{}
	wg       sync.WaitGroup
	led      *connections // null: nobody asks which pod a connection led to
}

// failure is a request that was not answered with 200.
type failure struct {
	At   string `json:"at"`
	What string `json:"what"`
	// The address of the pod that its connection was led to.
	Pod string `json:"pod,omitempty"`
}

// startLoad gives each of -conns clients a target in turn.
func startLoad(led *connections, targets ...target) *load {
	l := &load{stop: make(chan struct{}), led: led}
	for i := range *conns {
		l.wg.Go(func() {
			client := l.client(targets[i%len(targets)])
			for {
				select {
				case <-l.stop:
					return
				case <-time.After(*pause):
					l.send(client)
				}
			}
		})
	}
	return l
}

type client struct {
	target
	http *http.Client
	port atomic.Uint32 // of the connection that was used or tried last
}

func (l *load) client(to target) *client {
	c := &client{target: to}
	dialer := net.Dialer{Timeout: 3 * time.Second, Control: func(_, _ string, raw syscall.RawConn) error {
		var bound error
		err := raw.Control(func(fd uintptr) {
			var port uint16
			port, bound = bindNext(int(fd))
			c.port.Store(uint32(port))
			if l.led != nil {
				l.led.forget(port)
			}
		})
		return errors.Join(err, bound)
	}}
	transport := &http.Transport{MaxIdleConnsPerHost: 1, DisableKeepAlives: to.fresh, TLSClientConfig: to.tls,
		DialContext: dialer.DialContext}
	c.http = &http.Client{Transport: transport, Timeout: 10 * time.Second}
	return c
}

const firstPort, ports = 32768, 28232 // the kernel's default range

var lastPort atomic.Uint32

// bindNext takes a port before connecting: of a connection that is refused nothing else would tell it. One after the
// other, as the kernel leads a connection from the port of one that was just reset to where that one went.
func bindNext(fd int) (uint16, error) {
	var err error
	for range ports { // those of another drill may be taken for a minute yet
		port := firstPort + (uint32(os.Getpid())*997+lastPort.Add(1))%ports
		if err = syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(port)}); err == nil {
			return uint16(port), nil
		}
	}
	return 0, err
}

func (l *load) send(c *client) {
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		c.port.Store(uint32(info.Conn.LocalAddr().(*net.TCPAddr).Port))
	}}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(context.Background(), trace), http.MethodGet, c.url, nil)
	must(err)
	req.Host = c.host
	start := time.Now()
	what := ""
	resp, err := c.http.Do(req)
	if err != nil {
		what = err.Error()
	} else {
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			what = "body: " + err.Error()
		} else if resp.StatusCode != http.StatusOK {
			what = resp.Status
		}
		resp.Body.Close()
	}
	took := time.Since(start)
	pod := ""
	if what != "" && l.led != nil {
		pod = l.led.pod(uint16(c.port.Load()))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	l.slowest = max(l.slowest, took)
	if what != "" {
		l.failures = append(l.failures, failure{start.Format("2006-01-02T15:04:05.000Z07:00"), what, pod})
	}
}

func (l *load) end() object {
	close(l.stop)
	l.wg.Wait()
	if l.failures == nil {
		l.failures = []failure{}
	}
	return object{"requests": l.sent, "failed": len(l.failures), "failures": l.failures, "slowestMillis": millis(l.slowest)}
}

// awaitServed waits for the first 200 of each.
func awaitServed(targets ...target) {
	for _, to := range targets {
		deadline := time.Now().Add(30 * time.Second)
		for !served(to) {
			if time.Now().After(deadline) {
				log.Fatalf("%s is not served after 30 s", to.url)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func served(to target) bool {
	one := &load{}
	one.send(one.client(to))
	return len(one.failures) == 0
}

func loadOnly() any {
	led, err := followConnections()
	must(err)
	to := target{url: *url, host: *host, fresh: *fresh}
	awaitServed(to)
	l := startLoad(led, to)
	time.Sleep(time.Duration(*seconds) * time.Second)
	for *until != "" {
		if _, err := os.Stat(*until); err == nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	return l.end()
}
