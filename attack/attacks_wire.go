package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// wireAttacks are about what passes, not about how much: what they assert is an answer.
var wireAttacks = []attack{
	{name: "h2c-smuggling-h2-connect", probe: true, run: smuggleByConnect},
	{name: "h2c-smuggling-h1-upgrade", probe: true, run: smuggleByUpgrade},
	{name: "h2-unknown-protocol", probe: true, run: unknownProtocol},
	{name: "switch-nobody-asked-for", probe: true, run: unasked},
	{name: "malformed-chunks", probe: true, run: malformedChunks},
	{name: "malformed-framing", probe: true, run: malformedFraming},
	{name: "malformed-responses", probe: true, run: malformedResponses},
	{name: "response-desync", probe: true, run: desync},
	{name: "informational-storm", run: informational},
	{name: "informational-storm-unread", run: func(ctx context.Context, e *env) (string, error) {
		return drip(ctx, 20, "GET /evil/informational HTTP/1.1\r\nHost: attack\r\n\r\n", "")
	}},
	{name: "h2-informational-storm-unread", run: func(ctx context.Context, e *env) (string, error) {
		c, err := openH2(false)
		if err != nil {
			return "", err
		}
		defer c.conn.Close()
		for range 20 {
			c.request(true, get("/evil/informational")...)
		}
		c.out.Flush()
		<-ctx.Done()
		return "20 streams", nil
	}},
}

// begin opens connections that say something short at the start of the run, and then nothing.
func (e *env) begin() error {
	e.begun = map[string]net.Conn{}
	for _, text := range []string{"P", "PR", "PRI * HTTP/2.0\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: attack\r\n"} {
		conn, err := plain()
		if err != nil {
			return err
		}
		io.WriteString(conn, text)
		e.begun[text] = conn
	}
	e.begunAt = time.Now()
	return nil
}

// begunAndLeft holds that they are closed when the time limit of a head is over: 10 s by default.
func begunAndLeft(ctx context.Context, e *env) (string, error) {
	var x expect
	time.Sleep(max(time.Until(e.begunAt.Add(15*time.Second)), 200*time.Millisecond)) // long enough to watch another client
	for text, conn := range e.begun {
		conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		_, err := io.Copy(io.Discard, conn)
		x.that(!errors.Is(err, os.ErrDeadlineExceeded), "%q is still open after %.0f s", text, time.Since(e.begunAt).Seconds())
		conn.Close()
	}
	return x.result(fmt.Sprintf("%d ways", len(e.begun)))
}

// exchange sends bytes, and returns the status of the answer (0: closed without one) and whether the connection is closed then.
func exchange(text string) (status int, body string, closed bool) {
	conn, err := plain()
	if err != nil {
		return 0, err.Error(), true
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	io.WriteString(conn, text)
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return 0, err.Error(), true
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, "cut: " + string(content), true
	}
	conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err = reader.ReadByte()
	return response.StatusCode, string(content), errors.Is(err, io.EOF) || err != nil && !strings.Contains(err.Error(), "timeout")
}

// expect collects what is not as it should be.
type expect struct{ wrong []string }

func (x *expect) that(holds bool, format string, args ...any) {
	if !holds {
		x.wrong = append(x.wrong, fmt.Sprintf(format, args...))
	}
}

func (x *expect) result(detail string) (string, error) {
	if len(x.wrong) > 0 {
		return detail, errors.New(strings.Join(x.wrong, "; "))
	}
	return detail, nil
}

func smuggleByConnect(ctx context.Context, e *env) (string, error) {
	var x expect
	upgrades, tunnels := e.backends.upgrades.Load(), e.backends.tunnels.Load()
	for _, path := range []string{"/public/", "/evil/switch"} {
		c, err := openH2(true)
		if err != nil {
			return "", err
		}
		stream, _ := c.request(false, ":method", "CONNECT", ":protocol", "h2c", ":scheme", "http", ":authority", "attack", ":path", path,
			"http2-settings", "AAMAAABkAAQAAP__")
		c.out.Flush()
		outcome := c.outcome(stream)
		x.that(outcome != "200", "%s: a tunnel to the backend was opened", path)
		c.WriteData(stream, false, []byte("GET /admin HTTP/1.1\r\nHost: attack\r\n\r\n"))
		c.out.Flush()
		time.Sleep(50 * time.Millisecond)
		c.conn.Close()
	}
	time.Sleep(50 * time.Millisecond)
	x.that(e.backends.upgrades.Load() == upgrades, "the backend got Upgrade: h2c")
	x.that(e.backends.tunnels.Load() == tunnels, "the backend got bytes of a tunnel")
	return x.result("2 ways")
}

func smuggleByUpgrade(ctx context.Context, e *env) (string, error) {
	var x expect
	before := e.backends.upgrades.Load()
	for _, upgrade := range []string{"h2c", "H2C", "websocket, h2c", "h2c\r\nUpgrade: h2c"} {
		status, body, _ := exchange("GET /public/ HTTP/1.1\r\nHost: attack\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + upgrade +
			"\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
		x.that(status == 200 && body == "good" || strings.Contains(upgrade, ",") && status >= 400, "Upgrade: %q got %d %q", upgrade, status, body)
	}
	x.that(e.backends.upgrades.Load() == before, "the backend got Upgrade: h2c")
	return x.result("4 ways")
}

func unknownProtocol(ctx context.Context, e *env) (string, error) {
	var x expect
	c, err := openH2(true)
	if err != nil {
		return "", err
	}
	defer c.conn.Close()
	unknown, _ := c.request(false, ":method", "CONNECT", ":protocol", "connect-udp", ":scheme", "http", ":authority", "attack", ":path", "/public/")
	without, _ := c.request(true, append([]string{":protocol", "websocket"}, get("/public/")...)...)
	after, _ := c.request(true)
	c.out.Flush()
	x.that(c.outcome(unknown) == "501", "an unknown :protocol got %s", c.outcome(unknown))
	x.that(c.outcome(without) == "PROTOCOL_ERROR", ":protocol without CONNECT got %s", c.outcome(without))
	x.that(c.outcome(after) == "200", "the stream after them got %s", c.outcome(after))
	return x.result("2 ways")
}

func unasked(ctx context.Context, e *env) (string, error) {
	var x expect
	status, _, _ := exchange("GET /evil/switch HTTP/1.1\r\nHost: attack\r\n\r\n")
	x.that(status == 502, "a 101 that nobody asked for: %d", status)
	status, _, _ = exchange("GET /evil/switch HTTP/1.1\r\nHost: attack\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	x.that(status == 502, "a 101 to another protocol: %d", status)
	return x.result("2 ways")
}

func malformedChunks(ctx context.Context, e *env) (string, error) {
	var x expect
	bodies := []string{"zz\r\n", "-1\r\nx\r\n", "0x1\r\nx\r\n0\r\n\r\n", "1\rx\r\n0\r\n\r\n", "1\r\nxx0\r\n\r\n", "1 \r\nxy\r\n0\r\n\r\n", "ffffffffffffffffff\r\nx",
		"\r\n", "1\nx\n0\n\n", "+1\r\nx\r\n0\r\n\r\n", "1;\x00\r\nx\r\n0\r\n\r\n", "0\r\nbad trailer\r\n\r\n"}
	for _, body := range bodies {
		status, text, closed := exchange("POST /public/ HTTP/1.1\r\nHost: attack\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
		x.that(status == 400 && closed, "%q got %d %q, closed %v", body, status, text, closed)
	}
	return x.result(fmt.Sprintf("%d ways", len(bodies)))
}

func malformedFraming(ctx context.Context, e *env) (string, error) {
	var x expect
	fields := []string{"Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: 4\r\nContent-Length: 5", "Content-Length: +4",
		"Content-Length: 4, 5", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Content-Length: 4\r\n x: y", "Content-Length: 99999999999999999999"}
	for _, field := range fields {
		status, text, closed := exchange("POST /public/ HTTP/1.1\r\nHost: attack\r\n" + field + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: attack\r\n\r\n")
		x.that((status == 400 || status == 501) && closed, "%q got %d %q, closed %v", field, status, text, closed)
	}
	return x.result(fmt.Sprintf("%d ways", len(fields)))
}
