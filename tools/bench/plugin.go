// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server" // registers the messages of protocol 6, too
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// process is a provider as Terraform starts it.
type process struct {
	client *plugin.Client
	conn   *grpc.ClientConn
}

// startProvider starts a provider and shakes hands with it.
func startProvider(ctx context.Context, binary string, env ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(), env...)
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion: 6, MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": &tf6server.GRPCProviderPlugin{}}},
		Cmd:              cmd,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
		AutoMTLS:         true,
	})
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	grpcClient, ok := protocol.(*plugin.GRPCClient)
	if !ok {
		client.Kill()
		return nil, errors.New("the provider does not speak gRPC")
	}
	return &process{client: client, conn: grpcClient.Conn}, nil
}

// end ends the provider as Terraform does.
func (p *process) end() { p.client.Kill() }

// message is one of protocol 6. The generated types are not public, their
// descriptions are.
type message struct{ *dynamicpb.Message }

func newMessage(name string) message {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("tfplugin6." + name))
	if err != nil {
		panic(err)
	}
	return message{dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))}
}

func (m message) field(name string) protoreflect.FieldDescriptor {
	return m.Descriptor().Fields().ByName(protoreflect.Name(name))
}

func (m message) text(name, value string) message {
	m.Set(m.field(name), protoreflect.ValueOfString(value))
	return m
}

// encoded sets a dynamic value.
func (m message) encoded(name string, msgpack []byte) message {
	inner := m.Mutable(m.field(name)).Message()
	inner.Set(inner.Descriptor().Fields().ByName("msgpack"), protoreflect.ValueOfBytes(msgpack))
	return m
}

// at returns what a path of messages leads to, the first element of a list.
func (m message) at(path ...string) []byte {
	var current protoreflect.Message = m
	for _, name := range path {
		field := current.Descriptor().Fields().ByName(protoreflect.Name(name))
		switch value := current.Get(field); {
		case field.IsList() && value.List().Len() == 0:
			return nil
		case field.IsList():
			current = value.List().Get(0).Message()
		case field.Kind() == protoreflect.BytesKind:
			return value.Bytes()
		case field.Kind() == protoreflect.StringKind:
			return []byte(value.String())
		default:
			current = value.Message()
		}
	}
	return nil
}

// call is one call of the provider. Its diagnostics are errors.
func (p *process) call(ctx context.Context, method, name string, request message) (message, error) {
	response := newMessage(name + ".Response")
	var in, out proto.Message = request.Message, response.Message
	if err := p.conn.Invoke(ctx, "/tfplugin6.Provider/"+method, in, out); err != nil {
		return response, fmt.Errorf("%s: %w", method, err)
	}
	if summary := response.at("diagnostics", "summary"); summary != nil {
		return response, fmt.Errorf("%s: %s: %s", method, summary, response.at("diagnostics", "detail"))
	}
	return response, nil
}
