// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// logSubsystem names the client's lines in the log.
const logSubsystem = "avara"

// logAttempts logs each request by its route. Paths, queries and bodies stay
// out: they name people.
func logAttempts(apiKey string) func(context.Context, avara.Attempt) {
	return func(ctx context.Context, a avara.Attempt) {
		ctx = tflog.NewSubsystem(ctx, logSubsystem)
		ctx = tflog.SubsystemMaskLogStrings(ctx, logSubsystem, apiKey)
		fields := map[string]any{
			"method":      a.Method,
			"route":       a.Route,
			"attempt":     a.Number,
			"duration_ms": a.Duration.Milliseconds(),
		}
		if a.RequestID != "" {
			fields["request_id"] = a.RequestID
		}
		if a.Err != nil {
			fields["error"] = a.Err.Error()
			tflog.SubsystemWarn(ctx, logSubsystem, "Avara API did not answer", fields)
			return
		}
		fields["status"] = a.Status
		tflog.SubsystemDebug(ctx, logSubsystem, "Avara API answered", fields)
	}
}

// logWaits logs that a request has been waiting for long, so that Terraform does not seem
// to hang.
func logWaits(ctx context.Context, w avara.Wait) {
	ctx = tflog.NewSubsystem(ctx, logSubsystem)
	tflog.SubsystemInfo(ctx, logSubsystem, "Waiting to send a request to the Avara API, which limits their rate", map[string]any{
		"method": w.Method, "route": w.Route, "waited_s": int(w.Waited.Seconds()), "left_s": int(w.Left.Seconds()),
	})
}

// logReadings logs a running total after each read, because a provider does not know
// when a refresh has ended: the last line of each route is the result.
func logReadings(ctx context.Context, r avara.Reading) {
	ctx = tflog.NewSubsystem(ctx, logSubsystem)
	tflog.SubsystemDebug(ctx, logSubsystem, "Avara objects read", map[string]any{
		"route": r.Route, "reads": r.Reads, "requests": r.Requests,
	})
}
