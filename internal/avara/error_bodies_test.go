// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// spoken is what a person reads of an error body, and the fields of the request that the
// body names, with a blank between them.
type spoken struct{ message, fields string }

func expectSpoken(t *testing.T, bodies map[string]spoken) {
	t.Helper()
	c := newTestClient(t, Options{})
	for body, want := range bodies {
		e := errorOf(c, 400, body)
		if e.Message != want.message {
			t.Errorf("%.80q:\n%q, want\n%q", body, e.Message, want.message)
		}
		if fields := strings.Join(slices.Sorted(maps.Keys(e.Fields)), " "); fields != want.fields {
			t.Errorf("%.80q: %v, want %q", body, e.Fields, want.fields)
		}
	}
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	expectSpoken(t, map[string]spoken{
		`{"message":"taken"}`:                             {"taken", ""},
		`{"Message":"taken"}`:                             {"taken", ""},
		`{"error":"taken"}`:                               {"taken", ""},
		`{"error":{"message":"taken"}}`:                   {"taken", ""},
		`{"errors":[{"field":"a","message":"taken"}]}`:    {"a: taken", "a"},
		`{"errors":["one","two"]}`:                        {"one; two", ""},
		`{"errors":{"email":["no","bad"],"a":"odd"}}`:     {"a: odd; email: no; bad", "a email"},
		`{"email":{"_errors":["no","bad"]},"_errors":[]}`: {"email: no; bad", "email"},
		`{"name":["taken"],"code":"E17"}`:                 {"name: taken", "name"},
		`{"name":"is taken"}`:                             {"name: is taken", "name"},
		`{"data":{"id":"x"}}`:                             {"data.id: x", "data.id"},
		`{"code":"name_taken"}`:                           {"name_taken", ""},
		`{"code":17}`:                                     {"17", ""},
		`{"message":["Missing fields","email"]}`:          {"Missing fields; email", ""},
		`{"message":"bad","errors":["bad","worse"]}`:      {"bad; worse", ""},
		`"taken"`:                               {"taken", ""},
		`plain` + "\n\x1b[31m" + `text`:         {"plain [31mtext", ""},
		`<html><body>502</body></html>`:         {"a page in HTML or XML instead of JSON", ""},
		`[1`:                                    {"[1", ""},
		`{"message":"bad key ` + testKey + `"}`: {"bad key [API key]", ""},
		`{"message":"` + strings.Repeat("ä", 2600) + `"}`:                                    {strings.Repeat("ä", 2000) + "…", ""},
		`{"error":` + strings.Repeat("[", 100_000):                                           {`{"error":` + strings.Repeat("[", 1991) + "…", ""},
		`{"error":` + strings.Repeat("[", 5000) + `"deep"` + strings.Repeat("]", 5000) + `}`: {"", ""},
	})
}

// These bodies say nothing that the status does not say.
func TestErrorBodiesThatSayNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `{}`, `[]`, `""`, `null`, `false`, `[{}]`, `" "`, "{\"message\":\"\\u0000\"}",
		`{"errors":[]}`, `{"message":null}`, `{"error":{"details":{}}}`, `{"success":false}`,
		`Bad Request`, `400 Bad Request` + "\n", `{"message":"bad request."}`, `{"statusCode":400,"error":"Bad Request"}`,
		`{"type":"about:blank","title":"Bad Request","status":400}`,
		`{"timestamp":"2026-10-21T07:28:00Z","status":400,"error":"Bad Request","path":"/v1/users","requestId":"7"}`,
		`{"timestamp":"2026-10-21T07:28:00Z","status":400,"path":"/v1/users"}`,
	} {
		expectSpoken(t, map[string]spoken{body: {}})
	}
}

// The error bodies of web frameworks, validators and API conventions, by their makers'
// documentation.
func TestErrorBodiesOfServers(t *testing.T) {
	t.Parallel()
	expectSpoken(t, map[string]spoken{
		// Spring
		`{"timestamp":"2026-10-21T07:28:00Z","status":400,"error":"Bad Request","trace":"org.x.Y\n\tat z","message":"Validation failed for object='user'. Error count: 1",
			"errors":[{"codes":["Email.user.email","Email"],"arguments":[{"code":"email","defaultMessage":"email"}],"defaultMessage":"must be a well-formed email address",
			"objectName":"user","field":"email","rejectedValue":"ines","bindingFailure":false,"code":"Email"}],"path":"/v1/users"}`: {
			"Validation failed for object='user'. Error count: 1; email: must be a well-formed email address", "email",
		},
		`{"status":400,"error":"Bad Request","errors":[{"field":"email","defaultMessage":"must not be blank"}]}`: {"email: must not be blank", "email"},
		`{"message":"Validation failed","fieldErrors":[{"field":"email","message":"is taken"}]}`:                 {"Validation failed; email: is taken", "email"},
		`{"email":"must not be blank","level":"must be one of admin, member"}`:                                   {"email: must not be blank; level: must be one of admin, member", "email level"},
		// RFC 7807 and RFC 9457
		`{"type":"https://example.test/validation","title":"Your request is not valid.","status":400,"detail":"Two values are odd","instance":"/v1/users/1",
			"invalid-params":[{"name":"email","reason":"must be an address"},{"name":"level","reason":"must be known"}]}`: {
			"Two values are odd; Your request is not valid. email: must be an address; level: must be known", "email level",
		},
		`{"title":"Bad Request","invalidParams":[{"name":"email","reason":"is taken"}]}`:                       {"email: is taken", "email"},
		`{"title":"Not valid","errors":[{"detail":"must be a positive integer","pointer":"#/metadata/tier"}]}`: {"Not valid; metadata.tier: must be a positive integer", "metadata.tier"},
		`{"error":"Validation failed","details":["email is required","level is odd"]}`:                         {"Validation failed; email is required; level is odd", ""},
		`{"message":"Bad Request","details":[{"property":"email","issue":"is taken"},{"path":"level","reason":"is odd"},{"field":"name","description":"is long"}]}`: {
			"email: is taken; level: is odd; name: is long", "email level name",
		},
		`{"error":{"message":"Bad Request","details":{"email":"is taken"}}}`: {"email: is taken", "email"},
		// ASP.NET Core, and ASP.NET before it
		`{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,
			"errors":{"Email":["The Email field is required.","Too short."],"$.level":["Could not be converted."]},"traceId":"00-84c1fd-01"}`: {
			"One or more validation errors occurred. level: Could not be converted. Email: The Email field is required. Too short.", "Email level",
		},
		`{"Message":"The request is invalid.","ModelState":{"user.Email":["The Email field is required."]}}`: {
			"The request is invalid. user.Email: The Email field is required.", "user.Email",
		},
		// FluentValidation
		`[{"propertyName":"Email","errorMessage":"'Email' is not valid.","attemptedValue":"ines","severity":0,"errorCode":"EmailValidator","formattedMessagePlaceholderValues":{"PropertyValue":"ines"}}]`: {
			"Email: 'Email' is not valid.", "Email",
		},
		// Laravel
		`{"message":"The given data was invalid.","errors":{"email":["The email has already been taken."]}}`: {
			"The given data was invalid. email: The email has already been taken.", "email",
		},
		// Ruby on Rails
		`{"errors":{"email":["has already been taken","is odd"]}}`: {"email: has already been taken; is odd", "email"},
		// Django REST framework
		`{"email":["Enter a valid email address."],"non_field_errors":["The names do not match."]}`: {
			"The names do not match. email: Enter a valid email address.", "email",
		},
		`{"detail":"Authentication credentials were not provided."}`: {"Authentication credentials were not provided.", ""},
		// FastAPI
		`{"detail":[{"type":"value_error","loc":["body","email"],"msg":"value is not a valid email address","input":"ines","ctx":{"reason":"no @"},"url":"https://errors.example.test"}]}`: {
			"body.email: value is not a valid email address", "body.email",
		},
		// express-validator, old and new
		`{"errors":[{"value":"ines","msg":"Invalid value","param":"email","location":"body"}]}`:               {"email: Invalid value", "email"},
		`{"errors":[{"type":"field","value":"ines","msg":"Invalid value","path":"email","location":"body"}]}`: {"email: Invalid value", "email"},
		// NestJS and class-validator
		`{"message":["email must be an email","level must be known"],"error":"Bad Request","statusCode":400}`: {"email must be an email; level must be known", ""},
		`[{"target":{"email":"ines","reason":"secret"},"value":"ines","property":"email","children":[],"constraints":{"isEmail":"email must be an email"}},
			{"property":"metadata","children":[{"property":"tier","constraints":{"maxLength":"tier is too long"}}]}]`: {
			"email.isEmail: email must be an email; metadata.tier.maxLength: tier is too long", "email.isEmail metadata.tier.maxLength",
		},
		// celebrate, and Fastify
		`{"statusCode":400,"error":"Bad Request","message":"Validation failed","validation":{"body":{"source":"body","keys":["email"],"message":"\"email\" is required"}}}`: {
			"Validation failed; body: \"email\" is required", "body",
		},
		`{"statusCode":400,"code":"FST_ERR_VALIDATION","error":"Bad Request","message":"body must have required property 'email'"}`: {"body must have required property 'email'", ""},
		// Mongoose and Sequelize
		`{"errors":{"email":{"name":"ValidatorError","message":"Path email is required.","kind":"required","path":"email","value":"ines"}},"_message":"User validation failed","name":"ValidationError",
			"message":"User validation failed: email: Path email is required."}`: {"User validation failed; User validation failed: email: Path email is required.", "email"},
		`{"name":"SequelizeValidationError","errors":[{"message":"email must be unique","type":"unique violation","path":"email","value":"ines","instance":{"message":"x"}}]}`: {
			"email: email must be unique", "email",
		},
		// Ajv
		`{"message":"Not valid","errors":[{"instancePath":"/metadata/tier","schemaPath":"#/type","keyword":"type","params":{"type":"string"},"message":"must be string"}]}`: {
			"Not valid; metadata.tier: must be string", "metadata.tier",
		},
		// JSON:API
		`{"jsonapi":{"version":"1.1"},"errors":[{"id":"7","status":"422","code":"E17","title":"Invalid attribute","detail":"Must contain an @.","source":{"pointer":"/data/attributes/email"}}]}`: {
			"data.attributes.email: Must contain an @. Invalid attribute", "data.attributes.email",
		},
		`{"errors":[{"title":"Invalid parameter","source":{"parameter":"limit"},"links":{"about":"https://example.test"}}]}`: {"limit: Invalid parameter", "limit"},
		// zod
		`{"success":false,"error":{"issues":[{"code":"invalid_type","expected":"string","received":"undefined","path":["email"],"message":"Required"}],"name":"ZodError"}}`: {"email: Required", "email"},
		`{"error":{"name":"ZodError","message":"[\n  {\"code\": \"custom\", \"path\": [\"metadata\", \"tier\", 0], \"message\": \"Is too long\"}\n]"}}`:                     {"metadata.tier.0: Is too long", "metadata.tier.0"},
		`{"formErrors":[],"fieldErrors":{"email":["Required"]}}`:            {"email: Required", "email"},
		`{"errors":[],"properties":{"email":{"errors":["Invalid email"]}}}`: {"properties.email: Invalid email", "properties.email"},
		// Google, Microsoft, and GraphQL
		`{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT","details":[
			{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"person.email","description":"must be an address"}]},
			{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"BAD_VALUE","domain":"x.test","metadata":{"service":"x"}}]}}`: {
			"Request contains an invalid argument. person.email: must be an address; BAD_VALUE", "person.email",
		},
		`{"error":{"code":"BadArgument","message":"Several errors in the request","target":"user","details":[{"code":"NullValue","target":"email","message":"Must not be null"}],"innererror":{"code":"x","message":"at line 7"}}}`: {
			"user: Several errors in the request; user.email: Must not be null", "user user.email",
		},
		`{"errors":[{"message":"The name is taken","locations":[{"line":1,"column":2}],"path":["createUser"],"extensions":{"code":"BAD_USER_INPUT","stacktrace":["at x"]}}],"data":null}`: {
			"createUser: The name is taken", "createUser",
		},
		// OAuth
		`{"error":"invalid_token","error_description":"The access token has expired","error_uri":"https://example.test"}`: {"invalid_token; The access token has expired", ""},
		// gateways
		`{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}`:                                                 {"Invalid ApiKey; oauth.v2.InvalidApiKey", ""},
		`{"success":false,"errors":[{"code":1003,"message":"Invalid or missing zone id."}],"messages":[],"result":null}`:                             {"Invalid or missing zone id.", ""},
		`{"errorCode":"E0000001","errorSummary":"Api validation failed: login","errorId":"oae1","errorCauses":[{"errorSummary":"login: is taken"}]}`: {"Api validation failed: login; login: is taken", ""},
		// Google, before
		`{"error":{"errors":[{"domain":"global","reason":"invalid","message":"Not an address","locationType":"parameter","location":"email"}],"code":400,"message":"Not an address"}}`: {
			"Not an address; email: Not an address; invalid", "email",
		},
		// Symfony
		`{"title":"An error occurred","detail":"email: is taken","violations":[{"propertyPath":"email","message":"is taken","code":"23bd9dbf"}]}`: {
			"email: is taken; An error occurred", "email",
		},
		// a field with a code alone, and JSend
		`{"errors":[{"field":"email","code":"already_exists","resource":"User"}],"message":"Validation Failed"}`: {"Validation Failed; email: already_exists", "email"},
		`{"status":"fail","data":{"email":"An address is required"}}`:                                            {"data.email: An address is required", "data.email"},
	})
}

// What was sent may be about people, and what is for developers helps nobody else.
func TestErrorBodiesAreNotPrintedWhole(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"value", "values", "rejectedValue", "attemptedValue", "rejected_value", "input", "ctx", "context", "received", "timestamp", "traceId", "trace_id", "trace",
		"requestId", "correlationId", "stack", "stackTrace", "exception", "instance", "status", "statusCode", "documentation_url", "path", "code", "client-request-id",
	} {
		for _, value := range []string{`"private words"`, `["private words"]`, `{"private":"words","message":"private"}`} {
			for _, body := range []string{
				`{"errors":[{"field":"email","message":"is odd","` + name + `":` + value + `}]}`,
				`{"errors":{"email":"is odd","` + name + `":` + value + `}}`,
				`{"email":["is odd"],"` + name + `":` + value + `}`,
			} {
				if e := errorOf(newTestClient(t, Options{}), 400, body); e.Message != "email: is odd" {
					t.Errorf("%s: %q", body, e.Message)
				}
			}
		}
	}
}

func TestErrorBodiesAreBounded(t *testing.T) {
	t.Parallel()
	item := `{"field":"` + strings.Repeat("f", 1000) + `","message":"` + strings.Repeat("m ", 1000) + `"},`
	for _, body := range []string{
		`{"errors":[` + strings.Repeat(item, 100) + `{}]}`,
		strings.Repeat(`{"errors":[{"field":"a","message":`, 100) + `"x"` + strings.Repeat(`}]}`, 100),
		`{"errors":{` + strings.Repeat(`"a":{"b":["c"]},`, 100) + `"` + strings.Repeat("x", 1000) + `":"y"}}`,
	} {
		e := errorOf(newTestClient(t, Options{}), 400, body)
		if len([]rune(e.Message)) > maxMessage+1 || len(e.Fields) > maxComplaints {
			t.Errorf("%d characters, %d fields", len(e.Message), len(e.Fields))
		}
		for field, complaint := range e.Fields {
			if len(field) > 300 || len([]rune(complaint)) > maxMessage+1 {
				t.Errorf("%d characters about a field of %d", len(complaint), len(field))
			}
		}
	}
}
