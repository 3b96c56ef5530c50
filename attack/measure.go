package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// sample is what clients saw.
type sample struct {
	requests, errors int
	p50              time.Duration
	first            string // of the errors
}

// dial connects from a client's address.
func dial(from, to string) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	return dialer.Dial("tcp", to)
}

// client sends GETs over a connection that it keeps.
type client struct {
	from   string
	conn   net.Conn
	reader *bufio.Reader
}

func (c *client) get() error {
	if c.conn == nil {
		conn, err := dial(c.from, clear)
		if err != nil {
			return err
		}
		c.conn, c.reader = conn, bufio.NewReader(conn)
	}
	c.conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(c.conn, "GET /public/ HTTP/1.1\r\nHost: attack\r\n\r\n"); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != 200 || string(body) != "good" {
		return fmt.Errorf("%d %q", response.StatusCode, body)
	}
	return nil
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// giveWay has the calling goroutine run on a thread of its own with the lowest priority, until it ends. Attackers are
// elsewhere: what they need of this machine's processors must not keep the gateway, or those who are watched, waiting.
func giveWay() {
	runtime.LockOSThread()
	syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19)
}

// threads may run Go code at once: one that gives way may wait for a processor, and must not keep others from running.
const threads = 128

// pace is how often each client that is watched means to send a request.
const pace = 5 * time.Millisecond

// watch measures as clients who do nothing wrong: three keep their connection, one dials each time. A request that
// takes longer than the pace keeps the client from sending the next ones: they count with what they would have
// waited, else a client that hangs would hardly count (coordinated omission).
func watch(ctx context.Context) sample {
	var lock sync.Mutex
	var result sample
	var times []time.Duration
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			c := client{from: victim}
			defer c.close()
			for ctx.Err() == nil {
				start := time.Now()
				err := c.get()
				took := time.Since(start)
				lock.Lock()
				result.requests++
				for waited := took; waited > 0; waited -= pace {
					times = append(times, waited)
				}
				if err != nil {
					result.errors++
					if result.first == "" {
						result.first = err.Error()
					}
				}
				lock.Unlock()
				if err != nil || i == 3 {
					c.close()
				}
				time.Sleep(max(pace-took, time.Millisecond))
			}
		})
	}
	clients.Wait()
	slices.Sort(times)
	if len(times) > 0 {
		result.p50 = times[len(times)/2]
	}
	return result
}

// plainLoad is the harmless load: GETs at a rate that makes all processes together use as much CPU time as they
// did under an attack.
type plainLoad struct {
	gateway    *gateway
	perRequest float64 // CPU seconds, as measured so far
}

// run sends until the context ends, for that many CPU seconds a second; it says how many there were.
func (l *plainLoad) run(ctx context.Context, wanted float64) float64 {
	var credit, requests atomic.Int64
	var workers sync.WaitGroup
	for range 32 {
		workers.Go(func() {
			giveWay()
			c := client{from: harmless}
			defer c.close()
			for ctx.Err() == nil {
				if credit.Add(-1) < 0 {
					credit.Add(1)
					time.Sleep(time.Millisecond)
					continue
				}
				if err := c.get(); err != nil {
					c.close()
				}
				requests.Add(1)
			}
		})
	}
	const turn = 10 * time.Millisecond
	rate := min(wanted/l.perRequest, 50_000)
	start, began := l.gateway.cpu(), time.Now()
	before, since := start, began
	for turns := 1; ctx.Err() == nil; turns++ {
		time.Sleep(turn)
		credit.Store(min(credit.Load()+int64(rate*turn.Seconds()+0.5), 256))
		if turns%20 == 0 { // CPU times have a resolution of 10 ms
			now, at := l.gateway.cpu(), time.Now()
			actual := (now - before).Seconds() / at.Sub(since).Seconds()
			rate = min(max(rate*min(max(wanted/max(actual, 0.01), 0.7), 1.4), 100), 50_000)
			before, since = now, at
		}
	}
	workers.Wait()
	cost := (l.gateway.cpu() - start).Seconds()
	if n := requests.Load(); n > 100 {
		l.perRequest = cost / float64(n)
	}
	return cost / time.Since(began).Seconds()
}
