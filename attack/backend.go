package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// backends answer for /public (well) and /evil (as the rest of the path says).
type backends struct {
	dialled  atomic.Int64 // connections that the gateway opened to the good one
	upgrades atomic.Int64 // requests that arrived with an Upgrade to h2c
	tunnels  atomic.Int64 // bytes that arrived after a 101
}

var mebibyte = []byte(strings.Repeat("0123456789abcdef", 64<<10)) // 1 MiB

func (b *backends) start() error {
	good, err := net.Listen("tcp", goodBackend)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(b.good), ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			b.dialled.Add(1)
		}
	}}
	go server.Serve(good)
	evil, err := net.Listen("tcp", evilBackend)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := evil.Accept()
			if err != nil {
				return
			}
			go b.evil(conn)
		}
	}()
	return nil
}

func (b *backends) good(w http.ResponseWriter, r *http.Request) {
	b.note(r)
	switch r.URL.Path {
	case "/public/big":
		w.Header().Set("content-length", fmt.Sprint(len(mebibyte)))
		w.Write(mebibyte)
	default:
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "good")
	}
}

func (b *backends) note(r *http.Request) {
	if strings.Contains(strings.ToLower(r.Header.Get("upgrade")), "h2c") {
		b.upgrades.Add(1)
	}
}

// evil serves a connection of a backend that somebody else has taken over.
func (b *backends) evil(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		b.note(request)
		io.Copy(io.Discard, request.Body)
		const ok = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"
		switch strings.TrimPrefix(request.URL.Path, "/evil/") {
		case "informational": // until the client has gone
			hint := "HTTP/1.1 103 Early Hints\r\nlink: <" + strings.Repeat("x", 1000) + ">\r\n\r\n"
			for err == nil {
				_, err = io.WriteString(conn, strings.Repeat(hint, 16))
			}
			return
		case "head-behind":
			io.WriteString(conn, ok)
			time.Sleep(20 * time.Millisecond)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nx-poison: yes\r\nx-rest: ")
		case "informational-behind":
			io.WriteString(conn, ok)
			time.Sleep(20 * time.Millisecond)
			io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nx-poison: yes\r\nx-rest: ")
		case "cr-behind":
			io.WriteString(conn, ok)
			time.Sleep(20 * time.Millisecond)
			io.WriteString(conn, "\r")
		case "response-behind":
			io.WriteString(conn, ok+"HTTP/1.1 200 OK\r\nx-poison: yes\r\ncontent-length: 6\r\n\r\npoison")
		case "chunk":
			io.WriteString(conn, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
		case "reset":
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nhalf")
			time.Sleep(20 * time.Millisecond)
			conn.(*net.TCPConn).SetLinger(0)
			return
		case "switch":
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")
			n, _ := io.Copy(io.Discard, reader)
			b.tunnels.Add(n)
			return
		case "status":
			io.WriteString(conn, "HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n")
		default:
			io.WriteString(conn, ok)
		}
	}
}
