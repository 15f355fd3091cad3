// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const defaultAddr = "127.0.0.1:8787"

// options are the options of the command line.
type options struct {
	addr     string
	apiKey   string
	data     string
	quiet    bool
	seed     emulator.Seed
	dialects []emulator.Dialect
	faults   []emulator.Fault
	// command runs while the emulator serves. When the command ends, the emulator ends.
	command []string
}

// readOptions parses the command line. It prints the help or the version to stdout if that
// is requested. Its errors are usage errors.
func readOptions(args []string, stdout io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("avara-emulator", flag.ContinueOnError)
	var complaints bytes.Buffer
	flags.SetOutput(&complaints)
	flags.Usage = flags.PrintDefaults
	flags.StringVar(&o.addr, "addr", "", "loopback `address` to listen on; port 0 takes a free one (default "+defaultAddr+", or a free port for a command)")
	flags.StringVar(&o.apiKey, "api-key", emulator.DefaultAPIKey, "the only `key` to accept")
	flags.StringVar(&o.data, "data", "", "`file` to load at the start and to save after every change")
	flags.BoolVar(&o.quiet, "quiet", false, "do not print requests")
	flags.IntVar(&o.seed.Customers, "seed", 0, "make `n` Express customers, unless the file holds objects already")
	flags.IntVar(&o.seed.Users, "seed-users", 0, "make `n` users of each product")
	flags.IntVar(&o.seed.References, "seed-references", 0, "make `n` clinical references")
	flags.Func("dialect", "comma-separated `names` of answers other than the default, listed below; repeatable", o.addDialects)
	flags.Func("fault", "`JSON` of a fault, such as {\"every\":10,\"status\":503}, described below; repeatable", o.addFault)
	showVersion := flags.Bool("version", false, "print the version and end")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, about, complaints.String(), reference())
		return o, err
	case err != nil:
		return o, exitStatus{statusUsage, fmt.Errorf("%w (-help lists flags, dialects and faults)", err)}
	case *showVersion:
		fmt.Fprintln(stdout, "avara-emulator", programVersion())
		return o, flag.ErrHelp
	}
	o.command = flags.Args()
	switch {
	case o.addr != "":
	case len(o.command) > 0:
		o.addr = "127.0.0.1:0"
	default:
		o.addr = defaultAddr
	}
	if err := o.check(); err != nil {
		return o, exitStatus{statusUsage, err}
	}
	return o, nil
}

func (o *options) check() error {
	switch {
	case o.seed.Customers < 0 || o.seed.Users < 0 || o.seed.References < 0:
		return errors.New("-seed, -seed-users and -seed-references must not be negative")
	case o.apiKey == "":
		return errors.New("-api-key must not be empty")
	}
	return checkLoopback(o.addr)
}

func (o *options) addDialects(names string) error {
	parsed, err := emulator.ParseDialects(names)
	o.dialects = append(o.dialects, parsed...)
	return err
}

func (o *options) addFault(text string) error {
	fault, err := emulator.ParseFault(text)
	o.faults = append(o.faults, fault)
	return err
}

// checkLoopback rejects addresses that are reachable from the network, since the control
// endpoints need no key.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.Unmap().IsLoopback() {
		return fmt.Errorf("-addr: %q is not a loopback address, and the emulator serves this machine only: try %s", host, defaultAddr)
	}
	return nil
}
