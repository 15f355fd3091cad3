// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure   = &userResource{}
	_ resource.ResourceWithIdentity    = &userResource{}
	_ resource.ResourceWithImportState = &userResource{}
	_ resource.ResourceWithModifyPlan  = &userResource{}
	_ resource.ResourceWithMoveState   = &userResource{}
)

// userResource is avara_autoscribe_user and avara_viewer_user. The status of a person
// is found out in user_status.go; what an update and a destroy call is in
// user_update.go, what a plan says in user_plan.go, what a configuration must
// be in user_schema.go and user_validate.go, conversion in user_model.go.
type userResource struct{ userDirectory }

func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.typeName
}

func (r *userResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema(ctx)
}

func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = userID.identitySchema()
}

// Create returns no error once the person is invited: Terraform would taint the
// user, and invite the person a second time.
func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.invite(ctx, plan)
	if err != nil {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to invite " + r.object(), err: err, advice: r.adoptAdvice(ctx, err, plan),
			fields: userFields, people: []personalTexts{plan.personal()}, timeout: "create",
			again: "Apply again: if the person was invited, Avara refuses a second invitation, and the error says how to import the user. Nobody gets a second mail.",
		}))
		return
	}
	invited := *plan
	invited.ID = stringOrNull(user.ID)
	s := &standing{status: statusPending, user: user, invitation: &avara.Invitation{}}
	invited.fromStanding(s)
	to := publication{&resp.State, resp.Identity, resp.Private}
	broken := invited.keepPromises(plan)
	if resp.Diagnostics.Append(publish(ctx, to, &invited, broken)...); resp.Diagnostics.HasError() {
		return
	}
	invitation, err := r.findInvitation(ctx, user.ID)
	if err != nil || invitation == nil {
		resp.Diagnostics.Append(r.invitationNotFound(&invited, err))
		return
	}
	s.status, s.invitation = invitationStatus(invitation), invitation
	invited.fromStanding(s)
	invited.keepPromises(plan)
	resp.Diagnostics.Append(publish(ctx, to, &invited, nil)...)
}

// invite takes turns with the end of the same person, as where the plan destroys one
// resource and creates another for the same address. If the person had accepted unseen,
// the access that this run has revoked is restored, because no later step would do that.
func (r *userResource) invite(ctx context.Context, plan *userModel) (*avara.User, error) {
	done, err := r.ledger.turn(ctx, plan.equality())
	defer done()
	if err != nil {
		return nil, err
	}
	user, err := r.client.InviteUser(ctx, r.product, plan.toPerson())
	if revoked := r.ledger.revoked(plan.equality()); revoked != "" && wasRefused(err) {
		err = errors.Join(err, r.client.ReactivateUser(ctx, r.product, revoked))
	}
	return user, r.ledger.created(plan.equality(), err)
}

func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.read(ctx, req.State)
	if resp.Diagnostics.Append(diags...); state == nil {
		return
	}
	refresh(ctx, r.providerData, state, resp, refreshing{
		timeout: state.Timeouts.Read,
		look: func(ctx context.Context) (found bool, err error) {
			s, err := r.settledStanding(ctx, state.ID.ValueString(), state.Status.ValueString())
			if err != nil || s == nil {
				return false, err
			}
			state.fromStanding(s)
			state.DeletionPolicy = r.policy.orDefault(state.DeletionPolicy)
			return true, nil
		},
		gone: func(_ error, isManaged bool) diag.Diagnostics { return r.userGone(state, isManaged) },
	})
	// Terraform plans the destroy of a resource that is no longer configured before it
	// refreshes it.
	if isAccepted(state.Status.ValueString()) && r.ledger.replaces(state) {
		resp.Diagnostics.Append(r.createdAgain(state.record()))
	}
}

// Update makes as few calls as the change needs. After each the state holds
// what the API returned, so that a failure in between loses nothing.
func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := r.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	to := publication{&resp.State, resp.Identity, resp.Private}
	reached := *state
	var done []string
	for _, step := range plan.stepsFrom(state) {
		s, err := step.run(ctx, r, &reached)
		if s != nil {
			reached.fromStanding(s)
		}
		if err != nil {
			resp.Diagnostics.Append(r.diagnostic(failure{
				summary: fmt.Sprintf("Unable to %s %s", step.verb, r.object()), object: state.String(), err: err, done: done,
				advice: r.refusedChangeAdvice(&reached, err), fields: userFields, people: []personalTexts{plan.personal(), state.personal()}, timeout: "update",
			}))
			resp.Diagnostics.Append(publish(ctx, to, &reached, nil)...)
			return
		}
		done = append(done, step.done)
	}
	reached.Email, reached.InvitationRound, reached.DeletionPolicy, reached.Timeouts = plan.Email, plan.InvitationRound, plan.DeletionPolicy, plan.Timeouts
	broken := reached.keepPromises(plan)
	resp.Diagnostics.Append(publish(ctx, to, &reached, broken)...)
}

func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	planned, diags := readPrivate(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || r.abandons(state.ID.ValueString()) {
		return
	}
	if d := r.tainted(state); d != nil && !planned.Ending {
		resp.Diagnostics.Append(d)
		return
	}
	if state.DeletionPolicy.ValueString() == policyAbandon {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := r.ledger.turn(ctx, state.equality())
	defer done()
	if _, refused := r.ledger.creates(state.equality()); refused {
		resp.Diagnostics.Append(notDestroyed(state))
		return
	}
	if err == nil {
		err = r.end(ctx, state, planned.Ending)
	}
	if errors.Is(err, errTaintedAccepted) {
		resp.Diagnostics.Append(r.taintedAccepted(state))
		return
	}
	if err != nil {
		what := "invitation of " + r.object()
		if state.Status.ValueString() == statusActive || errors.Is(err, avara.ErrInvitationAccepted) {
			what = "access of " + r.object()
		}
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to revoke " + what, object: state.String(), err: err, advice: r.abandonAdvice(err), people: []personalTexts{state.personal()}, timeout: "delete",
		}))
	}
}

// invitationNotFound is said when the person is invited, but the API does not show the
// invitation.
func (r *userResource) invitationNotFound(invited *userModel, err error) diag.Diagnostic {
	if err == nil {
		err = errors.New("the API does not show the invitation yet")
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("invitation_id"), r.object()+" was invited, but the invitation was not found",
		r.text(failure{
			object: invited.String(), err: err, people: []personalTexts{invited.personal()},
			advice: "The person is invited; only invitation_id and invitation_expires_at are not known. The next refresh looks again. Nothing else is needed.",
		}))
}

// adoptAdvice says what to do where Avara knows the person already.
func (r *userResource) adoptAdvice(ctx context.Context, err error, plan *userModel) string {
	switch avara.StatusOf(err) {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
	default:
		return ""
	}
	if twice := r.ledger.createdTwice(plan); twice != "" {
		return twice
	}
	known, lookErr := r.candidates(ctx, plan.Email.ValueString())
	switch {
	case lookErr == nil && len(known) == 1:
		return r.takeOver(ctx, known[0])
	case avara.StatusOf(err) == http.StatusConflict:
		return "The API shows no single user or invitation with this email address. Look for the person in the Avara dashboard: " +
			"a user can be imported by the id, and an open invitation can be revoked there."
	}
	return ""
}

// takeOver says how to manage a person whom Avara knows already.
func (r *userResource) takeOver(ctx context.Context, known candidate) string {
	status := known.status
	if s, err := r.standingOf(ctx, known.id, ""); err == nil && s != nil {
		status = s.status // as the import will see it
	}
	switch status {
	case statusPending:
		return fmt.Sprintf("The person is invited already. To manage that invitation, import it. Nobody gets a second mail:\n\n%s", importBlock(r.typeName, known.id))
	case statusDeactivated:
		return fmt.Sprintf("The person is a user already, whom the API does not show: the access was probably revoked. Import the user; the apply after that restores the access:\n\n%s",
			importBlock(r.typeName, known.id))
	}
	return fmt.Sprintf("The person is a user already. Import the user instead of inviting:\n\n%s\n\n"+
		"The API does not say whether a user still has access. Where it was revoked, as by a destroy of the resource, the import does not restore it: "+
		"apply once with active = false, and then with active = true.", importBlock(r.typeName, known.id))
}

// refusedChangeAdvice says why a change was refused, if the invitation or the missing
// access is to blame.
func (r *userResource) refusedChangeAdvice(reached *userModel, err error) string {
	switch status := reached.Status.ValueString(); {
	case isClosed(status):
		return r.whyClosed(reached) + " " + r.inviteAgain()
	case status == statusDeactivated && wasRefused(err):
		return "The user has no access, and Avara may refuse to change such a user. Apply the change together with active = true, and then set active = false again."
	}
	return ""
}

// abandonAdvice is the way out where Avara refuses to revoke, or answers 404 though there
// is something to revoke.
func (r *userResource) abandonAdvice(err error) string {
	const advice = "If there is nothing left to revoke, or it must not be revoked, " + letGo
	switch {
	case errors.Is(err, avara.ErrStillThere):
		return r.hint(failure{err: err}) + " " + advice
	case avara.StatusOf(err) == http.StatusForbidden:
		return strings.TrimSpace(r.hint(failure{err: err}) + " " + advice)
	case wasRefused(err):
		return advice
	}
	return ""
}
