package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func malformedResponses(ctx context.Context, e *env) (string, error) {
	var x expect
	status, _, _ := exchange("GET /evil/chunk HTTP/1.1\r\nHost: attack\r\n\r\n")
	x.that(status == 502, "a malformed chunk: %d", status)
	status, _, _ = exchange("GET /evil/status HTTP/1.1\r\nHost: attack\r\n\r\n")
	x.that(status == 502, "status 2x0: %d", status)
	status, body, _ := exchange("GET /evil/reset HTTP/1.1\r\nHost: attack\r\n\r\n")
	x.that(status == 502 || strings.HasPrefix(body, "cut: "), "a reset within a body that ends by close: %d %q as if complete", status, body)
	return x.result("3 ways")
}

// desync has a backend send bytes that nobody asked for on a connection that goes back to the pool.
func desync(ctx context.Context, e *env) (string, error) {
	var x expect
	kinds := []string{"head-behind", "informational-behind", "cr-behind", "response-behind"}
	for _, kind := range kinds {
		for range 5 {
			exchange("GET /evil/" + kind + " HTTP/1.1\r\nHost: attack\r\n\r\n")
			time.Sleep(40 * time.Millisecond)
			for range 3 {
				conn, err := plain()
				if err != nil {
					return "", err
				}
				conn.SetDeadline(time.Now().Add(5 * time.Second))
				io.WriteString(conn, "GET /evil/ HTTP/1.1\r\nHost: attack\r\n\r\n")
				response, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					x.that(false, "%s: the next client got %v", kind, err)
				} else {
					body, _ := io.ReadAll(response.Body)
					x.that(response.StatusCode == 200 && string(body) == "evil" && response.Header.Get("x-poison") == "",
						"%s: the next client got %d %q %v", kind, response.StatusCode, body, response.Header)
				}
				conn.Close()
			}
		}
	}
	if len(x.wrong) > 2 {
		x.wrong = append(x.wrong[:2], fmt.Sprintf("and %d more", len(x.wrong)-2))
	}
	return x.result(fmt.Sprintf("%d ways", len(kinds)))
}

// informational is a backend that sends 103 without an end, to clients that read.
func informational(ctx context.Context, e *env) (string, error) {
	var bytes, ended atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			giveWay()
			for ctx.Err() == nil {
				conn, err := plain()
				if err != nil {
					continue
				}
				stop := context.AfterFunc(ctx, func() { conn.Close() })
				io.WriteString(conn, "GET /evil/informational HTTP/1.1\r\nHost: attack\r\n\r\n")
				lines := bufio.NewReader(conn)
				for {
					line, err := lines.ReadString('\n')
					bytes.Add(int64(len(line)))
					if err != nil || strings.HasPrefix(line, "HTTP/1.1 5") {
						break // the end of the connection, or a final response, which ends the request
					}
				}
				if ctx.Err() == nil {
					ended.Add(1)
				}
				stop()
				conn.Close()
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	group.Wait()
	detail := fmt.Sprintf("%.1f MB arrived, %d ended", float64(bytes.Load())/1e6, ended.Load())
	if ended.Load() == 0 {
		return detail, errors.New("none was ended")
	}
	return detail, nil
}
