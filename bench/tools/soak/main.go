// Command soak puts long and many connections through a gateway and states its memory.
//
//	soak -backend 127.0.0.1:9901                       serves the backend only
//	soak -target 127.0.0.1:8080 -pid 4711 [-connections 10000 ...]
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	backend     = flag.String("backend", "", "address to serve the backend on; nothing else is done then")
	target      = flag.String("target", "", "host and port of the gateway")
	pid         = flag.Int("pid", 0, "the gateway's process")
	bytes       = flag.Int64("bytes", 1<<30, "of an upload and of a download")
	connections = flag.Int("connections", 10000, "idle connections")
	sockets     = flag.Int("sockets", 1000, "WebSockets")
	streams     = flag.Int("streams", 1000, "HTTP/2 streams of one connection")
	hold        = flag.Duration("hold", 10*time.Second, "how long connections are held")
)

func main() {
	flag.Parse()
	if *backend != "" {
		log.Fatal(serve(*backend))
	}
	fmt.Println("| what | RSS before | RSS at most | RSS after | took |")
	fmt.Println("|---|---|---|---|---|")
	measure("warm-up: 64 MiB down", func() error { return download(64 << 20) })
	measure(fmt.Sprintf("%d MiB down", *bytes>>20), func() error { return download(*bytes) })
	measure(fmt.Sprintf("%d MiB up", *bytes>>20), func() error { return upload(*bytes) })
	measure(fmt.Sprintf("%d idle connections, %v", *connections, *hold), idle)
	measure(fmt.Sprintf("%d WebSockets, %v", *sockets, *hold), webSockets)
	measure(fmt.Sprintf("%d HTTP/2 streams of one connection, %v", *streams, *hold), http2Streams)
}

// serve answers /bytes?n= with n bytes, /sink with the number of bytes that came, /ws with an echo
// over a WebSocket handshake, /hold with what comes as it comes, and all else with "ok".
func serve(address string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.ParseInt(r.FormValue("n"), 10, 64)
		w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
		io.CopyN(w, zeros{}, n)
	})
	mux.HandleFunc("/sink", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	})
	mux.HandleFunc("/hold", func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		control.EnableFullDuplex()
		w.WriteHeader(200)
		control.Flush()
		part := make([]byte, 4096)
		for {
			n, err := r.Body.Read(part)
			w.Write(part[:n])
			control.Flush()
			if err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		connection, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer connection.Close()
		io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
		io.Copy(connection, buffered)
	})
	return http.ListenAndServe(address, mux)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// rss gives the resident memory in MiB.
func rss() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", *pid))
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kib, _ := strconv.Atoi(fields[1])
			return kib / 1024
		}
	}
	return 0
}

func measure(what string, work func() error) {
	before, most := rss(), atomic.Int64{}
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			most.Store(max(most.Load(), int64(rss())))
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	start := time.Now()
	if err := work(); err != nil {
		log.Fatalf("%s: %v", what, err)
	}
	took := time.Since(start)
	close(done)
	<-sampled
	fmt.Printf("| %s | %d MiB | %d MiB | %d MiB | %.1f s |\n", what, before, most.Load(), rss(), took.Seconds())
}

func download(n int64) error {
	response, err := http.Get(fmt.Sprintf("http://%s/bytes?n=%d", *target, n))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.Copy(io.Discard, response.Body)
	if err == nil && got != n {
		err = fmt.Errorf("got %d of %d bytes", got, n)
	}
	return err
}

func upload(n int64) error {
	response, err := http.Post("http://"+*target+"/sink", "application/octet-stream", io.LimitReader(zeros{}, n))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err == nil && string(got) != strconv.FormatInt(n, 10) {
		err = fmt.Errorf("the backend got %s of %d bytes", got, n)
	}
	return err
}

// each runs n tasks, a few at a time, and gives the first error.
func each(n, atOnce int, task func(int) error) error {
	var wait sync.WaitGroup
	failures := make(chan error, n)
	room := make(chan struct{}, atOnce)
	for i := range n {
		wait.Add(1)
		room <- struct{}{}
		go func() {
			defer wait.Done()
			if err := task(i); err != nil {
				failures <- err
			}
			<-room
		}()
	}
	wait.Wait()
	close(failures)
	return <-failures
}

// open opens connections, has each answer once to the given text, and calls use with all of them.
func open(n int, text, want string, use func([]net.Conn, []*bufio.Reader) error) error {
	open, readers := make([]net.Conn, n), make([]*bufio.Reader, n)
	defer func() {
		for _, c := range open {
			if c != nil {
				c.Close()
			}
		}
	}()
	err := each(n, 100, func(i int) error {
		c, err := net.DialTimeout("tcp", *target, 10*time.Second)
		if err != nil {
			return err
		}
		open[i] = c
		readers[i] = bufio.NewReaderSize(c, 512)
		return exchange(c, readers[i], text, want)
	})
	if err != nil {
		return err
	}
	return use(open, readers)
}

func exchange(c net.Conn, reader *bufio.Reader, text, want string) error {
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		return err
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	if response.StatusCode != 101 {
		io.Copy(io.Discard, response.Body)
	}
	if response.Status[:3] != want {
		return fmt.Errorf("status %s", response.Status)
	}
	return nil
}

const get = "GET / HTTP/1.1\r\nHost: soak\r\n\r\n"

func idle() error {
	return open(*connections, get, "200", func(open []net.Conn, readers []*bufio.Reader) error {
		time.Sleep(*hold)
		return each(len(open), 100, func(i int) error { return exchange(open[i], readers[i], get, "200") })
	})
}

func webSockets() error {
	upgrade := "GET /ws HTTP/1.1\r\nHost: soak\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	return open(*sockets, upgrade, "101", func(open []net.Conn, readers []*bufio.Reader) error {
		end := time.Now().Add(*hold)
		for time.Now().Before(end) {
			err := each(len(open), 100, func(i int) error {
				open[i].SetDeadline(time.Now().Add(20 * time.Second))
				if _, err := open[i].Write(make([]byte, 1024)); err != nil {
					return err
				}
				_, err := io.ReadFull(readers[i], make([]byte, 1024))
				return err
			})
			if err != nil {
				return err
			}
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	})
}

func http2Streams() error {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	context, cancel := context.WithTimeout(context.Background(), *hold+time.Minute)
	defer cancel()
	var opened sync.WaitGroup
	opened.Add(*streams)
	release := make(chan struct{})
	go func() {
		opened.Wait()
		time.Sleep(*hold)
		close(release)
	}()
	return each(*streams, *streams, func(int) error {
		body, writer := io.Pipe()
		request, err := http.NewRequestWithContext(context, "POST", "http://"+*target+"/hold", body)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		opened.Done()
		if err != nil {
			return err
		}
		defer response.Body.Close()
		for held := false; !held; {
			if _, err := writer.Write(make([]byte, 1024)); err != nil {
				return err
			}
			if _, err := io.ReadFull(response.Body, make([]byte, 1024)); err != nil {
				return err
			}
			select {
			case <-release:
				held = true
			case <-time.After(time.Second):
			}
		}
		writer.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return err
	})
}
