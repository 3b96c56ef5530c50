package main

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/net/http2"
)

var h2Attacks = []attack{
	flooding("h2-ping-flood", true, nil, func(c *h2) error { return c.WritePing(false, [8]byte{1}) }),
	flooding("h2-ping-flood-unread", false, nil, func(c *h2) error { return c.WritePing(false, [8]byte{1}) }),
	flooding("h2-settings-flood", true, nil, func(c *h2) error { return c.WriteSettings() }),
	flooding("h2-settings-flood-unread", false, nil, func(c *h2) error { return c.WriteSettings() }),
	flooding("h2-priority-flood", true, nil, func(c *h2) error {
		return c.WritePriority(1, http2.PriorityParam{StreamDep: 3, Weight: 1})
	}),
	flooding("h2-window-update-flood", true, nil, func(c *h2) error { return c.WriteWindowUpdate(0, 1) }),
	flooding("h2-empty-data-flood", true, upload, func(c *h2) error { return c.WriteData(1, false, nil) }),
	flooding("h2-reset-flood", true, upload, func(c *h2) error { return c.WriteRSTStream(1, http2.ErrCodeCancel) }),
	flooding("h2-continuation-flood", true, func(c *h2) error {
		return c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x82}})
	}, func(c *h2) error { return c.WriteContinuation(1, false, bytes.Repeat([]byte{0x82}, 1000)) }),
	flooding("h2-empty-continuation-flood", true, func(c *h2) error {
		return c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x82}})
	}, func(c *h2) error { return c.WriteContinuation(1, false, nil) }),
	{name: "h2-rapid-reset", run: rapidReset},
	{name: "h2-made-you-reset", run: madeYouReset},
	{name: "h2-one-byte-data", run: func(ctx context.Context, e *env) (string, error) {
		frames, closed := flood(ctx, 8, true, upload, func(c *h2) error { return c.WriteData(1, false, []byte("x")) })
		return fmt.Sprintf("%d frames, %d connections closed", frames, closed), nil
	}},
	{name: "h2-hpack-bomb", run: func(ctx context.Context, e *env) (string, error) {
		return bomb(ctx, []byte{0x40, 1, 'a', 0x7f, 0xa1, 0x1e}, bytes.Repeat([]byte("x"), 4000), 12_000)
	}},
	{name: "h2-bomb-one-byte-fields", run: func(ctx context.Context, e *env) (string, error) {
		return bomb(ctx, []byte{0x40, 1, 'a', 1}, []byte("x"), 16_000)
	}},
	{name: "h2-bomb-cookie-crumbs", run: func(ctx context.Context, e *env) (string, error) {
		return bomb(ctx, []byte{0x40, 6, 'c', 'o', 'o', 'k', 'i', 'e', 1}, []byte("x"), 16_000)
	}},
	{name: "h2-zero-window-streams", long: 3, run: zeroWindow},
	{name: "h2-drip-window", run: dripWindow},
	{name: "h2-unread-responses", run: unreadResponses},
}

// upload opens stream 1, whose body is to come.
func upload(c *h2) error {
	if _, err := c.request(false, post("/public/")...); err != nil {
		return err
	}
	return c.WriteWindowUpdate(0, 1<<20)
}

// flooding is an attack by frames that cost the sender nothing: the connection has to be closed by budget.
func flooding(name string, reads bool, begin func(*h2) error, frame func(*h2) error) attack {
	return attack{name: name, run: func(ctx context.Context, e *env) (string, error) {
		frames, closed := flood(ctx, 4, reads, begin, frame)
		detail := fmt.Sprintf("%d frames, %d connections closed", frames, closed)
		if closed == 0 {
			return detail, fmt.Errorf("no connection was ended")
		}
		return detail, nil
	}}
}

// rapidReset is CVE-2023-44487: it must not make the gateway dial the backend.
func rapidReset(ctx context.Context, e *env) (string, error) {
	before := e.backends.dialled.Load()
	frames, closed := flood(ctx, 4, true, nil, func(c *h2) error {
		stream, err := c.request(true)
		if err != nil {
			return err
		}
		return c.WriteRSTStream(stream, http2.ErrCodeCancel)
	})
	dialled := e.backends.dialled.Load() - before
	detail := fmt.Sprintf("%d streams, %d connections closed, %d dialled to the backend", frames, closed, dialled)
	switch {
	case closed == 0:
		return detail, fmt.Errorf("no connection was ended")
	case dialled > 100: // the victims' own
		return detail, fmt.Errorf("the backend was dialled %d times", dialled)
	}
	return detail, nil
}

// madeYouReset is CVE-2025-8671: frames that make the server reset streams whose requests run at the backend.
func madeYouReset(ctx context.Context, e *env) (string, error) {
	kind := 0
	frames, closed := flood(ctx, 4, true, nil, func(c *h2) error {
		stream, err := c.request(true)
		if err != nil {
			return err
		}
		kind++
		switch kind % 3 {
		case 0:
			return c.WriteWindowUpdate(stream, 0)
		case 1:
			return c.WriteData(stream, true, []byte("after the end"))
		default:
			return c.WritePriority(stream, http2.PriorityParam{StreamDep: stream})
		}
	})
	detail := fmt.Sprintf("%d streams, %d connections closed", frames, closed)
	if closed == 0 {
		return detail, fmt.Errorf("no connection was ended")
	}
	return detail, nil
}
