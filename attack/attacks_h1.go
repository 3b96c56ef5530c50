package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var h1Attacks = []attack{
	{name: "h1-pipelining-unread", run: func(ctx context.Context, e *env) (string, error) { return pipelining(ctx, plain, "/public/") }},
	{name: "h1-pipelining-unread-big", run: func(ctx context.Context, e *env) (string, error) { return pipelining(ctx, plain, "/public/big") }},
	{name: "tls-pipelining-unread", run: func(ctx context.Context, e *env) (string, error) { return pipelining(ctx, overTLS, "/public/") }},
	{name: "h1-slow-headers", run: func(ctx context.Context, e *env) (string, error) {
		return drip(ctx, 2000, "GET /public/ HTTP/1.1\r\nHost: attack\r\nx-slow: ", "x")
	}},
	{name: "h1-slow-bodies", run: func(ctx context.Context, e *env) (string, error) {
		return drip(ctx, 1000, "POST /public/ HTTP/1.1\r\nHost: attack\r\nContent-Length: 1000000\r\n\r\n", "x")
	}},
	{name: "h1-slow-readers", run: func(ctx context.Context, e *env) (string, error) {
		return drip(ctx, 500, "GET /public/big HTTP/1.1\r\nHost: attack\r\n\r\n", "")
	}},
	{name: "h1-10000-idle", long: 2, run: func(ctx context.Context, e *env) (string, error) { return drip(ctx, 10_000, "", "") }},
	{name: "h1-one-byte-chunks", run: func(ctx context.Context, e *env) (string, error) {
		const head = "POST /public/ HTTP/1.1\r\nHost: attack\r\nTransfer-Encoding: chunked\r\n\r\n"
		return stream(ctx, 8, head, strings.Repeat("1\r\nx\r\n", 1000), "chunks", 1000)
	}},
	{name: "h1-chunk-extensions", run: func(ctx context.Context, e *env) (string, error) {
		const head = "POST /public/ HTTP/1.1\r\nHost: attack\r\nTransfer-Encoding: chunked\r\n\r\n1;"
		return stream(ctx, 4, head, strings.Repeat("x", 16<<10), "extensions of 16 KiB", 1)
	}},
	{name: "h1-endless-trailers", run: func(ctx context.Context, e *env) (string, error) {
		const head = "POST /public/ HTTP/1.1\r\nHost: attack\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
		return stream(ctx, 4, head, strings.Repeat("x-trailer: y\r\n", 1000), "trailers", 1000)
	}},
	{name: "h1-endless-head", run: func(ctx context.Context, e *env) (string, error) {
		return stream(ctx, 4, "GET /public/ HTTP/1.1\r\nHost: attack\r\n", strings.Repeat("x-field: y\r\n", 1000), "fields", 1000)
	}},
	{name: "h1-empty-lines", run: func(ctx context.Context, e *env) (string, error) {
		return stream(ctx, 4, "", strings.Repeat("\r\n", 8<<10), "empty lines", 8<<10)
	}},
	{name: "tls-handshakes-begun", run: func(ctx context.Context, e *env) (string, error) { return handshakes(ctx) }},
}

func plain() (net.Conn, error) { return dial(attacker, clear) }

func overTLS() (net.Conn, error) {
	conn, err := dial(attacker, secure)
	if err != nil {
		return nil, err
	}
	return tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "attack"}), nil
}

// takenUnread is how much of a connection may be taken while nothing is read of its responses: what the kernel
// keeps on both sides of a loopback connection, and what the gateway reads ahead.
const takenUnread = 16 << 20

// pipelining sends requests for as long as the gateway takes them, and reads nothing.
func pipelining(ctx context.Context, open func() (net.Conn, error), path string) (string, error) {
	requests := strings.Repeat("GET "+path+" HTTP/1.1\r\nHost: attack\r\n\r\n", 1000)
	var sent, most atomic.Int64
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			giveWay()
			for ctx.Err() == nil {
				conn, err := open()
				if err != nil {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				stop := context.AfterFunc(ctx, func() { conn.Close() })
				var here int64
				for err == nil {
					var n int
					n, err = io.WriteString(conn, requests)
					here += int64(n)
				}
				sent.Add(here)
				most.Store(max(most.Load(), here))
				stop()
				conn.Close()
			}
		})
	}
	group.Wait()
	detail := fmt.Sprintf("%.1f MB of requests", float64(sent.Load())/1e6)
	if most.Load() > takenUnread {
		return detail, fmt.Errorf("%.1f MB were taken of one connection", float64(most.Load())/1e6)
	}
	return detail, nil
}

// drip opens connections, begins on each, and sends a little on each ten times a second.
func drip(ctx context.Context, n int, begin, more string) (string, error) {
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	for i := 0; i < n && ctx.Err() == nil; i++ {
		// Many clients: idle connections have to be many, whatever a limit by address says.
		conn, err := dial(fmt.Sprintf("127.1.%d.2", i%8), clear)
		if err != nil {
			return "", fmt.Errorf("connection %d: %w", i, err)
		}
		io.WriteString(conn, begin)
		conns = append(conns, conn)
	}
	for more != "" && ctx.Err() == nil {
		for _, conn := range conns {
			io.WriteString(conn, more)
		}
		time.Sleep(100 * time.Millisecond)
	}
	<-ctx.Done()
	return fmt.Sprintf("%d connections", len(conns)), nil
}

// stream sends a head and then the same again and again, on n connections.
func stream(ctx context.Context, n int, head, part, unit string, units int64) (string, error) {
	var parts, closed atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			giveWay()
			for ctx.Err() == nil {
				conn, err := plain()
				if err != nil {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				stop := context.AfterFunc(ctx, func() { conn.Close() })
				go io.Copy(io.Discard, conn)
				for _, err = io.WriteString(conn, head); err == nil; _, err = io.WriteString(conn, part) {
					parts.Add(1)
				}
				if ctx.Err() == nil {
					closed.Add(1)
				}
				stop()
				conn.Close()
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	group.Wait()
	return fmt.Sprintf("%d %s, %d connections closed", parts.Load()*units, unit, closed.Load()), nil
}

// handshakes begins TLS with half a record, on many connections.
func handshakes(ctx context.Context) (string, error) {
	var conns []net.Conn
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	for range 1000 {
		conn, err := dial(attacker, secure)
		if err != nil {
			return "", err
		}
		conn.Write([]byte{22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3})
		conns = append(conns, conn)
	}
	<-ctx.Done()
	return fmt.Sprintf("%d handshakes that are begun", len(conns)), nil
}
