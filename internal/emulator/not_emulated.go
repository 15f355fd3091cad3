// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

// notEmulated are the operations of the vendor SDKs that the emulator does not implement:
// studies and reports, which are patients' data.
var notEmulated = []string{
	"POST /v1/autoScribe/studies",
	"GET /v1/autoScribe/studies",
	"GET /v1/autoScribe/studies/{studyId}",
	"PATCH /v1/autoScribe/studies/{studyId}",
	"GET /v1/autoScribe/studies/by-uid/{studyInstanceUid}",
	"POST /v1/autoScribe/studies/cancel",
	"POST /v1/autoScribe/studies/uncancel",
	"POST /v1/autoScribe/studies/reroute-url",
	"POST /v1/autoScribe/studies/viewer-only-reroute-url",
	"POST /v1/autoScribe/studies/external",
	"POST /v1/autoScribe/studies/external/delete",
	"POST /v1/autoScribe/studies/external/reports",
	"GET /v1/autoScribe/studies/external/reports",
	"GET /v1/autoScribe/studies/external/reports/{externalReportId}",
	"GET /v1/autoScribe/reports",
	"GET /v1/autoScribe/reports/pdf",
	"GET /v1/autoScribe/reports/text",
	"POST /v1/autoScribe/reports/{reportId}/addendum",
	"POST /v1/autoScribe/reports/{reportId}/cancel-addendum",
	"POST /v1/viewer/studies",
	"GET /v1/viewer/studies",
	"GET /v1/viewer/studies/{studyId}",
	"PATCH /v1/viewer/studies/{studyId}",
	"GET /v1/viewer/studies/by-uid/{studyInstanceUid}",
	"POST /v1/viewer/studies/cancel",
	"POST /v1/viewer/studies/uncancel",
	"POST /v1/viewer/studies/reroute-url",
}

// NotEmulated lists the operations of the API that the emulator does not implement. It
// answers them with 501, unless a [Fault] answers.
func NotEmulated() []string { return slices.Clone(notEmulated) }

func notEmulatedRoutes() []route {
	routes := make([]route, len(notEmulated))
	for i, name := range notEmulated {
		routes[i] = route{name: name, body: anyBody, notEmulated: true, handle: func(*call) (any, error) {
			return nil, newProblem(unsupported, "%s is an operation of the API that is not emulated: "+
				"the emulator has Express customers, users, invitations, clinical references and ephemeral sessions", name)
		}}
	}
	return routes
}
