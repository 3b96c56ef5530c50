package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gopkg.in/yaml.v3"
)

// gateway is a running Sluice with the options and the memory limit that are shipped.
type gateway struct {
	root, dir string
	limit     int64 // bytes
	env       []string
	group     string // the memory cgroup, empty where none can be made
	cmd       *exec.Cmd
	ended     chan error
}

type deployment struct {
	Spec struct {
		Template struct {
			Spec struct {
				Containers []struct {
					Env       []struct{ Name, Value string }
					Resources struct{ Limits struct{ Memory string } }
				}
			}
		}
	}
}

// shipped reads environment and limit from the manifests.
func shipped(root, dir string) (*gateway, error) {
	text, err := os.ReadFile(filepath.Join(root, "k8s/base/deployment.yaml"))
	if err != nil {
		return nil, err
	}
	var d deployment
	if err := yaml.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	c := d.Spec.Template.Spec.Containers[0]
	mebibytes, err := strconv.ParseInt(strings.TrimSuffix(c.Resources.Limits.Memory, "Mi"), 10, 64)
	if err != nil {
		return nil, err
	}
	g := &gateway{root: root, dir: dir, limit: mebibytes << 20, env: []string{"PATH=/usr/bin:/bin"}}
	for _, e := range c.Env {
		// Where it reads its resources and its settings from is ours.
		if e.Value != "" && !strings.HasPrefix(e.Name, "SPRING_") {
			g.env = append(g.env, e.Name+"="+e.Value)
		}
	}
	return g, nil
}

// start runs it, until it is ready.
func (g *gateway) start() error {
	flags, err := os.ReadFile(filepath.Join(g.root, "src/aot/flags"))
	if err != nil {
		return err
	}
	args := []string{filepath.Join(os.Getenv("JAVA_HOME"), "bin/java"), "-XX:+ExitOnOutOfMemoryError"}
	for line := range strings.Lines(string(flags)) {
		if strings.HasPrefix(line, "-") {
			args = append(args, strings.TrimSpace(line))
		}
	}
	args = append(args, "-XX:AOTCache="+filepath.Join(g.root, "target/aot/sluice.aot"),
		"-XX:ErrorFile="+g.dir+"/hs_err_%p.log", "-jar", filepath.Join(g.root, "target/aot/sluice.jar"),
		"--sluice.source.file.path="+g.dir+"/config", "--management.server.port="+managementPort)
	g.limitMemory()
	if g.group != "" {
		args = append([]string{"/bin/sh", "-c", `echo $$ >"$0/cgroup.procs" && exec "$@"`, g.group}, args...)
	}
	log, err := os.OpenFile(filepath.Join(g.dir, "sluice.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	g.cmd = exec.Command(args[0], args[1:]...)
	g.cmd.Env, g.cmd.Dir, g.cmd.Stdout, g.cmd.Stderr = g.env, g.dir, log, log
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := g.cmd.Start(); err != nil {
		return err
	}
	g.ended = make(chan error, 1)
	go func() { g.ended <- g.cmd.Wait() }()
	for range 1200 {
		if g.ready() {
			return nil
		}
		if !g.alive() {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("Sluice is not ready; see %s/sluice.log", g.dir)
}

func (g *gateway) ready() bool {
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://127.0.0.1:" + managementPort + "/actuator/health/readiness")
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == 200
}

// limitMemory makes a memory cgroup (v1, then v2) with the shipped limit.
func (g *gateway) limitMemory() {
	for parent, file := range map[string]string{"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"} {
		group := filepath.Join(parent, fmt.Sprintf("sluice-attack-%d", os.Getpid()))
		if os.MkdirAll(group, 0o755) == nil {
			if os.WriteFile(filepath.Join(group, file), []byte(strconv.FormatInt(g.limit, 10)), 0o644) == nil {
				g.group = group
				return
			}
			os.Remove(group)
		}
	}
}

func (g *gateway) alive() bool {
	select {
	case err := <-g.ended:
		g.ended <- err
		return false
	default:
		return true
	}
}

func (g *gateway) stop() {
	g.cmd.Process.Kill()
	<-g.ended
	for range 50 {
		if g.group == "" || os.Remove(g.group) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// forgetPeak makes the kernel count the peak of resident memory anew.
func (g *gateway) forgetPeak() {
	os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", g.cmd.Process.Pid), []byte("5"), 0)
}

// peak is the most resident memory since then, in bytes.
func (g *gateway) peak() int64 {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", g.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// cpu is the time that Sluice and this process (attackers, victims, backends) have used.
func (g *gateway) cpu() time.Duration {
	return used(strconv.Itoa(g.cmd.Process.Pid)) + used("self")
}

func used(pid string) time.Duration {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100
}
