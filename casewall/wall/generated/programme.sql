-- The programme cluster. Made from casewall/wall; do not edit.
create schema if not exists app;
create schema if not exists priv;
create schema if not exists flow;
revoke all on schema app, priv, flow from public;
revoke create on schema public from public;
grant usage on schema public to prog_app, prog_report, prog_door_owner, prog_bridge_owner, prog_flow_owner;

create table if not exists priv.pads (
    one boolean primary key default true check (one),
    inner_pad bytea not null, outer_pad bytea not null
);
revoke all on priv.pads from public;

create or replace function app.worker() returns uuid language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
    word text := nullif(current_setting('app.ctx', true), '');
    parts text[];
    pad record;
begin
    if word is null then return null; end if;
    parts := string_to_array(word, '.');
    select inner_pad, outer_pad into strict pad from priv.pads;
    if array_length(parts, 1) is distinct from 3
       or encode(sha256(pad.outer_pad || sha256(pad.inner_pad
            || convert_to(parts[1] || '.' || parts[2], 'UTF8'))), 'hex') <> parts[3]
       or parts[2]::bigint < extract(epoch from clock_timestamp()) then
        raise exception 'the context is not signed' using errcode = '42501';
    end if;
    return parts[1]::uuid;
end $$;
create or replace function app.my_compartments() returns int[] language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(array_agg(m.compartment_id), '{}') from public.staff_membership m
    join public.staff_worker w on w.id = m.worker_id and w.is_active
        and (w.until is null or w.until >= current_date)
    where m.worker_id = app.worker()
$$;
create or replace function app.is_system() returns boolean language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from public.staff_worker where id = app.worker() and is_active
                   and role in ('programme_system', 'safety_system'))
$$;
revoke execute on function app.worker(), app.my_compartments(), app.is_system() from public;
grant usage on schema app to prog_app;
grant execute on function app.worker(), app.my_compartments(), app.is_system() to prog_app;

-- programme_access_exclusion
revoke all on programme_access_exclusion from prog_app, prog_report;
grant select, insert, update on programme_access_exclusion to prog_app;
alter table programme_access_exclusion enable row level security;
alter table programme_access_exclusion force row level security;
drop policy if exists wall on programme_access_exclusion;
create policy wall on programme_access_exclusion for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, person, worker, why, declared, begun_at, begun_by, ended_at, ended_by) on programme_access_exclusion to prog_report;
drop policy if exists report on programme_access_exclusion;
create policy report on programme_access_exclusion for select to prog_report using (true);

-- programme_access_outofturn
revoke all on programme_access_outofturn from prog_app, prog_report;
grant select, insert, update on programme_access_outofturn to prog_app;
alter table programme_access_outofturn enable row level security;
alter table programme_access_outofturn force row level security;
drop policy if exists wall on programme_access_outofturn;
create policy wall on programme_access_outofturn for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, file, worker, opened_at, until, handed_back_at, verdict, decided_at, decided_by, version) on programme_access_outofturn to prog_report;
drop policy if exists report on programme_access_outofturn;
create policy report on programme_access_outofturn for select to prog_report using (true);

-- programme_agreements_agreement
revoke all on programme_agreements_agreement from prog_app, prog_report;
grant select, insert on programme_agreements_agreement to prog_app;
alter table programme_agreements_agreement enable row level security;
alter table programme_agreements_agreement force row level security;
drop policy if exists wall on programme_agreements_agreement;
create policy wall on programme_agreements_agreement for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, how, signed_on, text_version, language, limits_explained, worker) on programme_agreements_agreement to prog_report;
drop policy if exists report on programme_agreements_agreement;
create policy report on programme_agreements_agreement for select to prog_report using (true);

-- programme_agreements_agreementtext
revoke all on programme_agreements_agreementtext from prog_app, prog_report;
grant select, insert on programme_agreements_agreementtext to prog_app;
alter table programme_agreements_agreementtext enable row level security;
alter table programme_agreements_agreementtext force row level security;
drop policy if exists wall on programme_agreements_agreementtext;
create policy wall on programme_agreements_agreementtext for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, language, version, made_at, worker) on programme_agreements_agreementtext to prog_report;
drop policy if exists report on programme_agreements_agreementtext;
create policy report on programme_agreements_agreementtext for select to prog_report using (true);

-- programme_agreements_release
revoke all on programme_agreements_release from prog_app, prog_report;
grant select, insert, update on programme_agreements_release to prog_app;
alter table programme_agreements_release enable row level security;
alter table programme_agreements_release force row level security;
drop policy if exists wall on programme_agreements_release;
create policy wall on programme_agreements_release for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, how, recipient, purpose, scope, ground, starts_on, expires_on, withdrawn_on, withdrawn_by, worker, recorded_at, version) on programme_agreements_release to prog_report;
drop policy if exists report on programme_agreements_release;
create policy report on programme_agreements_release for select to prog_report using (true);

-- programme_assessments_eligibilityanswer
revoke all on programme_assessments_eligibilityanswer from prog_app, prog_report;
grant select, insert on programme_assessments_eligibilityanswer to prog_app;
alter table programme_assessments_eligibilityanswer enable row level security;
alter table programme_assessments_eligibilityanswer force row level security;
drop policy if exists wall on programme_assessments_eligibilityanswer;
create policy wall on programme_assessments_eligibilityanswer for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, check_made_id, rule, answer) on programme_assessments_eligibilityanswer to prog_report;
drop policy if exists report on programme_assessments_eligibilityanswer;
create policy report on programme_assessments_eligibilityanswer for select to prog_report using (true);

-- programme_assessments_eligibilitycheck
revoke all on programme_assessments_eligibilitycheck from prog_app, prog_report;
grant select, insert on programme_assessments_eligibilitycheck to prog_app;
alter table programme_assessments_eligibilitycheck enable row level security;
alter table programme_assessments_eligibilitycheck force row level security;
drop policy if exists wall on programme_assessments_eligibilitycheck;
create policy wall on programme_assessments_eligibilitycheck for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, version, rules, checked_on, recorded_at, worker) on programme_assessments_eligibilitycheck to prog_report;
drop policy if exists report on programme_assessments_eligibilitycheck;
create policy report on programme_assessments_eligibilitycheck for select to prog_report using (true);

-- programme_cases_assessment
revoke all on programme_cases_assessment from prog_app, prog_report;
grant select, insert, update on programme_cases_assessment to prog_app;
alter table programme_cases_assessment enable row level security;
alter table programme_cases_assessment force row level security;
drop policy if exists wall on programme_cases_assessment;
create policy wall on programme_cases_assessment for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, booked_for, held_on, decision, decided_on, reasons, review_on, check_version, replaces_id, version, worker) on programme_cases_assessment to prog_report;
drop policy if exists report on programme_cases_assessment;
create policy report on programme_cases_assessment for select to prog_report using (true);

-- programme_cases_case
revoke all on programme_cases_case from prog_app, prog_report;
grant select, insert, update on programme_cases_case to prog_app;
alter table programme_cases_case enable row level security;
alter table programme_cases_case force row level security;
drop policy if exists wall on programme_cases_case;
create policy wall on programme_cases_case for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, client_id, service, referral_id, route, referrer_worker, referred_on, stage, stage_on, contact, exit_reason, worker, next_action, next_action_on, last_contact_on, version) on programme_cases_case to prog_report;
drop policy if exists report on programme_cases_case;
create policy report on programme_cases_case for select to prog_report using (true);

-- programme_cases_client
revoke all on programme_cases_client from prog_app, prog_report;
grant select, insert, update on programme_cases_client to prog_app;
alter table programme_cases_client enable row level security;
alter table programme_cases_client force row level security;
drop policy if exists wall on programme_cases_client;
create policy wall on programme_cases_client for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, sex, language, version) on programme_cases_client to prog_report;
drop policy if exists report on programme_cases_client;
create policy report on programme_cases_client for select to prog_report using (true);

-- programme_cases_clienttoken
revoke all on programme_cases_clienttoken from prog_app, prog_report;
grant select, insert, delete on programme_cases_clienttoken to prog_app;
alter table programme_cases_clienttoken enable row level security;
alter table programme_cases_clienttoken force row level security;
drop policy if exists wall on programme_cases_clienttoken;
create policy wall on programme_cases_clienttoken for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, client_id, kind) on programme_cases_clienttoken to prog_report;
drop policy if exists report on programme_cases_clienttoken;
create policy report on programme_cases_clienttoken for select to prog_report using (true);

-- programme_cases_contactattempt
revoke all on programme_cases_contactattempt from prog_app, prog_report;
grant select, insert on programme_cases_contactattempt to prog_app;
alter table programme_cases_contactattempt enable row level security;
alter table programme_cases_contactattempt force row level security;
drop policy if exists wall on programme_cases_contactattempt;
create policy wall on programme_cases_contactattempt for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, tried_at, route, outcome, worker) on programme_cases_contactattempt to prog_report;
drop policy if exists report on programme_cases_contactattempt;
create policy report on programme_cases_contactattempt for select to prog_report using (true);

-- programme_cases_declaredpartner
revoke all on programme_cases_declaredpartner from prog_app, prog_report;
grant select, insert, update on programme_cases_declaredpartner to prog_app;
alter table programme_cases_declaredpartner enable row level security;
alter table programme_cases_declaredpartner force row level security;
drop policy if exists wall on programme_cases_declaredpartner;
create policy wall on programme_cases_declaredpartner for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, relation, stated_by, stated_on, version) on programme_cases_declaredpartner to prog_report;
drop policy if exists report on programme_cases_declaredpartner;
create policy report on programme_cases_declaredpartner for select to prog_report using (true);

-- programme_cases_stagemove
revoke all on programme_cases_stagemove from prog_app, prog_report;
grant select, insert on programme_cases_stagemove to prog_app;
alter table programme_cases_stagemove enable row level security;
alter table programme_cases_stagemove force row level security;
drop policy if exists wall on programme_cases_stagemove;
create policy wall on programme_cases_stagemove for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, came_from, went_to, moved_on, recorded_at, worker, kind, reason, until, corrects_id) on programme_cases_stagemove to prog_report;
drop policy if exists report on programme_cases_stagemove;
create policy report on programme_cases_stagemove for select to prog_report using (true);

-- programme_cases_statement
revoke all on programme_cases_statement from prog_app, prog_report;
grant select, insert, update on programme_cases_statement to prog_app;
alter table programme_cases_statement enable row level security;
alter table programme_cases_statement force row level security;
drop policy if exists wall on programme_cases_statement;
create policy wall on programme_cases_statement for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, purpose, arrived_on, recalled_on) on programme_cases_statement to prog_report;
drop policy if exists report on programme_cases_statement;
create policy report on programme_cases_statement for select to prog_report using (true);

-- programme_cases_task
revoke all on programme_cases_task from prog_app, prog_report;
grant select, insert, update on programme_cases_task to prog_app;
alter table programme_cases_task enable row level security;
alter table programme_cases_task force row level security;
drop policy if exists wall on programme_cases_task;
create policy wall on programme_cases_task for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, due_on, done_on, done_by) on programme_cases_task to prog_report;
drop policy if exists report on programme_cases_task;
create policy report on programme_cases_task for select to prog_report using (true);

-- programme_courses_act
revoke all on programme_courses_act from prog_app, prog_report;
grant select, insert, update on programme_courses_act to prog_app;
alter table programme_courses_act enable row level security;
alter table programme_courses_act force row level security;
drop policy if exists wall on programme_courses_act;
create policy wall on programme_courses_act for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, course_id, session_id, step, kind, state, proposed_at, due_at, decided_at, decided_by, done_at, version) on programme_courses_act to prog_report;
drop policy if exists report on programme_courses_act;
create policy report on programme_courses_act for select to prog_report using (true);

-- programme_courses_completionreview
revoke all on programme_courses_completionreview from prog_app, prog_report;
grant select, insert, update on programme_courses_completionreview to prog_app;
alter table programme_courses_completionreview enable row level security;
alter table programme_courses_completionreview force row level security;
drop policy if exists wall on programme_courses_completionreview;
create policy wall on programme_courses_completionreview for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, course_id, held_on, sessions_attended, minutes_attended, dose_met, modules_missing, decision, weeks, returned_at, worker, signed_by, signed_at, version) on programme_courses_completionreview to prog_report;
drop policy if exists report on programme_courses_completionreview;
create policy report on programme_courses_completionreview for select to prog_report using (true);

-- programme_courses_course
revoke all on programme_courses_course from prog_app, prog_report;
grant select, insert, update on programme_courses_course to prog_app;
alter table programme_courses_course enable row level security;
alter table programme_courses_course force row level security;
drop policy if exists wall on programme_courses_course;
create policy wall on programme_courses_course for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, template_id, level, state, enrolled_on, counts_from, began_on, ends_by, ended_on, extra_weeks, version) on programme_courses_course to prog_report;
drop policy if exists report on programme_courses_course;
create policy report on programme_courses_course for select to prog_report using (true);

-- programme_courses_coursechange
revoke all on programme_courses_coursechange from prog_app, prog_report;
grant select, insert on programme_courses_coursechange to prog_app;
alter table programme_courses_coursechange enable row level security;
alter table programme_courses_coursechange force row level security;
drop policy if exists wall on programme_courses_coursechange;
create policy wall on programme_courses_coursechange for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, course_id, kind, from_on, until_on, weeks, came_from, went_to, worker, recorded_at) on programme_courses_coursechange to prog_report;
drop policy if exists report on programme_courses_coursechange;
create policy report on programme_courses_coursechange for select to prog_report using (true);

-- programme_courses_criterionrating
revoke all on programme_courses_criterionrating from prog_app, prog_report;
grant select, insert, update on programme_courses_criterionrating to prog_app;
alter table programme_courses_criterionrating enable row level security;
alter table programme_courses_criterionrating force row level security;
drop policy if exists wall on programme_courses_criterionrating;
create policy wall on programme_courses_criterionrating for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, review_id, criterion, met) on programme_courses_criterionrating to prog_report;
drop policy if exists report on programme_courses_criterionrating;
create policy report on programme_courses_criterionrating for select to prog_report using (true);

-- programme_courses_followup
revoke all on programme_courses_followup from prog_app, prog_report;
grant select, insert, update on programme_courses_followup to prog_app;
alter table programme_courses_followup enable row level security;
alter table programme_courses_followup force row level security;
drop policy if exists wall on programme_courses_followup;
create policy wall on programme_courses_followup for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, course_id, months, due_on, held_on, outcome, worker, version) on programme_courses_followup to prog_report;
drop policy if exists report on programme_courses_followup;
create policy report on programme_courses_followup for select to prog_report using (true);

-- programme_curriculum_templateversion
revoke all on programme_curriculum_templateversion from prog_app, prog_report;
grant select, insert, update on programme_curriculum_templateversion to prog_app;
alter table programme_curriculum_templateversion enable row level security;
alter table programme_curriculum_templateversion force row level security;
drop policy if exists wall on programme_curriculum_templateversion;
create policy wall on programme_curriculum_templateversion for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, code, version, installed_at, retired_on) on programme_curriculum_templateversion to prog_report;
drop policy if exists report on programme_curriculum_templateversion;
create policy report on programme_curriculum_templateversion for select to prog_report using (true);

-- programme_groups_attendance
revoke all on programme_groups_attendance from prog_app, prog_report;
grant select, insert, update on programme_groups_attendance to prog_app;
alter table programme_groups_attendance enable row level security;
alter table programme_groups_attendance force row level security;
drop policy if exists wall on programme_groups_attendance;
create policy wall on programme_groups_attendance for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, session_id, outcome, attended, complied, reason, minutes_late, minutes_early, minutes_attended, participation, homework, makes_up_for_id, worker, recorded_at, version) on programme_groups_attendance to prog_report;
drop policy if exists report on programme_groups_attendance;
create policy report on programme_groups_attendance for select to prog_report using (true);

-- programme_groups_availability
revoke all on programme_groups_availability from prog_app, prog_report;
grant select, insert, update on programme_groups_availability to prog_app;
alter table programme_groups_availability enable row level security;
alter table programme_groups_availability force row level security;
drop policy if exists wall on programme_groups_availability;
create policy wall on programme_groups_availability for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, weekdays, earliest, latest, language, stated_on, version) on programme_groups_availability to prog_report;
drop policy if exists report on programme_groups_availability;
create policy report on programme_groups_availability for select to prog_report using (true);

-- programme_groups_closedweeks
revoke all on programme_groups_closedweeks from prog_app, prog_report;
grant select, insert, update on programme_groups_closedweeks to prog_app;
alter table programme_groups_closedweeks enable row level security;
alter table programme_groups_closedweeks force row level security;
drop policy if exists wall on programme_groups_closedweeks;
create policy wall on programme_groups_closedweeks for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, first_on, last_on, worker, taken_back_on) on programme_groups_closedweeks to prog_report;
drop policy if exists report on programme_groups_closedweeks;
create policy report on programme_groups_closedweeks for select to prog_report using (true);

-- programme_groups_group
revoke all on programme_groups_group from prog_app, prog_report;
grant select, insert, update on programme_groups_group to prog_app;
alter table programme_groups_group enable row level security;
alter table programme_groups_group force row level security;
drop policy if exists wall on programme_groups_group;
create policy wall on programme_groups_group for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, template_id, component, entry, language, starts_on, minutes, room_id, least, most, is_open, version) on programme_groups_group to prog_report;
drop policy if exists report on programme_groups_group;
create policy report on programme_groups_group for select to prog_report using (true);

-- programme_groups_groupfacilitator
revoke all on programme_groups_groupfacilitator from prog_app, prog_report;
grant select, insert, update on programme_groups_groupfacilitator to prog_app;
alter table programme_groups_groupfacilitator enable row level security;
alter table programme_groups_groupfacilitator force row level security;
drop policy if exists wall on programme_groups_groupfacilitator;
create policy wall on programme_groups_groupfacilitator for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, group_id, worker, left_on) on programme_groups_groupfacilitator to prog_report;
drop policy if exists report on programme_groups_groupfacilitator;
create policy report on programme_groups_groupfacilitator for select to prog_report using (true);

-- programme_groups_groupmember
revoke all on programme_groups_groupmember from prog_app, prog_report;
grant select, insert, update on programme_groups_groupmember to prog_app;
alter table programme_groups_groupmember enable row level security;
alter table programme_groups_groupmember force row level security;
drop policy if exists wall on programme_groups_groupmember;
create policy wall on programme_groups_groupmember for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, group_id, joined_on, left_on, makes_up_for_id) on programme_groups_groupmember to prog_report;
drop policy if exists report on programme_groups_groupmember;
create policy report on programme_groups_groupmember for select to prog_report using (true);

-- programme_groups_nonassociation
revoke all on programme_groups_nonassociation from prog_app, prog_report;
grant select, insert, update on programme_groups_nonassociation to prog_app;
alter table programme_groups_nonassociation enable row level security;
alter table programme_groups_nonassociation force row level security;
drop policy if exists wall on programme_groups_nonassociation;
create policy wall on programme_groups_nonassociation for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, one_id, other_id, made_on, ended_on, item) on programme_groups_nonassociation to prog_report;
drop policy if exists report on programme_groups_nonassociation;
create policy report on programme_groups_nonassociation for select to prog_report using (true);

-- programme_groups_room
revoke all on programme_groups_room from prog_app, prog_report;
grant select, insert, update on programme_groups_room to prog_app;
alter table programme_groups_room enable row level security;
alter table programme_groups_room force row level security;
drop policy if exists wall on programme_groups_room;
create policy wall on programme_groups_room for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, chairs, closed_on, version) on programme_groups_room to prog_report;
drop policy if exists report on programme_groups_room;
create policy report on programme_groups_room for select to prog_report using (true);

-- programme_groups_session
revoke all on programme_groups_session from prog_app, prog_report;
grant select, insert, update on programme_groups_session to prog_app;
alter table programme_groups_session enable row level security;
alter table programme_groups_session force row level security;
drop policy if exists wall on programme_groups_session;
create policy wall on programme_groups_session for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, group_id, case_id, kind, component, number, held_on, begins_at, minutes, room_id, worker, state, cancelled_because, module, delivered, makes_up_for_id, marked_at, marked_by, version) on programme_groups_session to prog_report;
drop policy if exists report on programme_groups_session;
create policy report on programme_groups_session for select to prog_report using (true);

-- programme_groups_visitor
revoke all on programme_groups_visitor from prog_app, prog_report;
grant select, insert, update on programme_groups_visitor to prog_app;
alter table programme_groups_visitor enable row level security;
alter table programme_groups_visitor force row level security;
drop policy if exists wall on programme_groups_visitor;
create policy wall on programme_groups_visitor for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, session_id, purpose, signed_on, worker) on programme_groups_visitor to prog_report;
drop policy if exists report on programme_groups_visitor;
create policy report on programme_groups_visitor for select to prog_report using (true);

-- programme_incidents_askedspan
revoke all on programme_incidents_askedspan from prog_app, prog_report;
grant select, insert on programme_incidents_askedspan to prog_app;
alter table programme_incidents_askedspan enable row level security;
alter table programme_incidents_askedspan force row level security;
drop policy if exists wall on programme_incidents_askedspan;
create policy wall on programme_incidents_askedspan for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, source, first_on, last_on, recorded_at, worker) on programme_incidents_askedspan to prog_report;
drop policy if exists report on programme_incidents_askedspan;
create policy report on programme_incidents_askedspan for select to prog_report using (true);

-- programme_incidents_courtday
revoke all on programme_incidents_courtday from prog_app, prog_report;
grant select, insert, update on programme_incidents_courtday to prog_app;
alter table programme_incidents_courtday enable row level security;
alter table programme_incidents_courtday force row level security;
drop policy if exists wall on programme_incidents_courtday;
create policy wall on programme_incidents_courtday for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, held_on, at_time, outcome, source, worker, version, proceeding_id) on programme_incidents_courtday to prog_report;
drop policy if exists report on programme_incidents_courtday;
create policy report on programme_incidents_courtday for select to prog_report using (true);

-- programme_incidents_custodyspan
revoke all on programme_incidents_custodyspan from prog_app, prog_report;
grant select, insert, update on programme_incidents_custodyspan to prog_app;
alter table programme_incidents_custodyspan enable row level security;
alter table programme_incidents_custodyspan force row level security;
drop policy if exists wall on programme_incidents_custodyspan;
create policy wall on programme_incidents_custodyspan for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, why, first_on, last_on, source, taken_back, recorded_at, worker, version) on programme_incidents_custodyspan to prog_report;
drop policy if exists report on programme_incidents_custodyspan;
create policy report on programme_incidents_custodyspan for select to prog_report using (true);

-- programme_incidents_incident
revoke all on programme_incidents_incident from prog_app, prog_report;
grant select, insert on programme_incidents_incident to prog_app;
alter table programme_incidents_incident enable row level security;
alter table programme_incidents_incident force row level security;
drop policy if exists wall on programme_incidents_incident;
create policy wall on programme_incidents_incident for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, forms, signs, severity, source, happened_on, exact, told_on, recorded_at, worker, corrects_id, taken_back) on programme_incidents_incident to prog_report;
drop policy if exists report on programme_incidents_incident;
create policy report on programme_incidents_incident for select to prog_report using (true);

-- programme_incidents_incidentreview
revoke all on programme_incidents_incidentreview from prog_app, prog_report;
grant select, insert, update on programme_incidents_incidentreview to prog_app;
alter table programme_incidents_incidentreview enable row level security;
alter table programme_incidents_incidentreview force row level security;
drop policy if exists wall on programme_incidents_incidentreview;
create policy wall on programme_incidents_incidentreview for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, incident_id, danger, re_offence, due_on, follows, decided_on, worker, version) on programme_incidents_incidentreview to prog_report;
drop policy if exists report on programme_incidents_incidentreview;
create policy report on programme_incidents_incidentreview for select to prog_report using (true);

-- programme_incidents_proceeding
revoke all on programme_incidents_proceeding from prog_app, prog_report;
grant select, insert, update on programme_incidents_proceeding to prog_app;
alter table programme_incidents_proceeding enable row level security;
alter table programme_incidents_proceeding force row level security;
drop policy if exists wall on programme_incidents_proceeding;
create policy wall on programme_incidents_proceeding for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, began_on, until_on, ended_on, ended_how, source, stated_on, worker, version) on programme_incidents_proceeding to prog_report;
drop policy if exists report on programme_incidents_proceeding;
create policy report on programme_incidents_proceeding for select to prog_report using (true);

-- programme_measuring_earlieranswer
revoke all on programme_measuring_earlieranswer from prog_app, prog_report;
grant select, insert on programme_measuring_earlieranswer to prog_app;
alter table programme_measuring_earlieranswer enable row level security;
alter table programme_measuring_earlieranswer force row level security;
drop policy if exists wall on programme_measuring_earlieranswer;
create policy wall on programme_measuring_earlieranswer for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, answer_id, why, answered_on, score, parts, band, measure_version, scorer_version, recorded_by, replaced_at, worker) on programme_measuring_earlieranswer to prog_report;
drop policy if exists report on programme_measuring_earlieranswer;
create policy report on programme_measuring_earlieranswer for select to prog_report using (true);

-- programme_measuring_measureanswer
revoke all on programme_measuring_measureanswer from prog_app, prog_report;
grant select, insert, update on programme_measuring_measureanswer to prog_app;
alter table programme_measuring_measureanswer enable row level security;
alter table programme_measuring_measureanswer force row level security;
drop policy if exists wall on programme_measuring_measureanswer;
create policy wall on programme_measuring_measureanswer for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, source, measure, measure_version, wave, due_on, answered_on, score, parts, coded, band, answered_items, items, scorer_version, mode, present, language, recall, not_answered, recorded_at, worker, version) on programme_measuring_measureanswer to prog_report;
drop policy if exists report on programme_measuring_measureanswer;
create policy report on programme_measuring_measureanswer for select to prog_report using (true);

-- programme_needs_circumstances
revoke all on programme_needs_circumstances from prog_app, prog_report;
grant select, insert on programme_needs_circumstances to prog_app;
alter table programme_needs_circumstances enable row level security;
alter table programme_needs_circumstances force row level security;
drop policy if exists wall on programme_needs_circumstances;
create policy wall on programme_needs_circumstances for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, area, employment, age_band, stated_by, stated_on, recorded_at, worker) on programme_needs_circumstances to prog_report;
drop policy if exists report on programme_needs_circumstances;
create policy report on programme_needs_circumstances for select to prog_report using (true);

-- programme_needs_declaredchild
revoke all on programme_needs_declaredchild from prog_app, prog_report;
grant select, insert, update on programme_needs_declaredchild to prog_app;
alter table programme_needs_declaredchild enable row level security;
alter table programme_needs_declaredchild force row level security;
drop policy if exists wall on programme_needs_declaredchild;
create policy wall on programme_needs_declaredchild for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, lives, sees_client, stated_by, stated_on, version) on programme_needs_declaredchild to prog_report;
drop policy if exists report on programme_needs_declaredchild;
create policy report on programme_needs_declaredchild for select to prog_report using (true);

-- programme_needs_familystatement
revoke all on programme_needs_familystatement from prog_app, prog_report;
grant select, insert on programme_needs_familystatement to prog_app;
alter table programme_needs_familystatement enable row level security;
alter table programme_needs_familystatement force row level security;
drop policy if exists wall on programme_needs_familystatement;
create policy wall on programme_needs_familystatement for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, of, answer, number, stated_by, stated_on, version) on programme_needs_familystatement to prog_report;
drop policy if exists report on programme_needs_familystatement;
create policy report on programme_needs_familystatement for select to prog_report using (true);

-- programme_needs_need
revoke all on programme_needs_need from prog_app, prog_report;
grant select, insert on programme_needs_need to prog_app;
alter table programme_needs_need enable row level security;
alter table programme_needs_need force row level security;
drop policy if exists wall on programme_needs_need;
create policy wall on programme_needs_need for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, level, stated_by, stated_on, recorded_at, worker) on programme_needs_need to prog_report;
drop policy if exists report on programme_needs_need;
create policy report on programme_needs_need for select to prog_report using (true);

-- programme_needs_onwardreferral
revoke all on programme_needs_onwardreferral from prog_app, prog_report;
grant select, insert, update on programme_needs_onwardreferral to prog_app;
alter table programme_needs_onwardreferral enable row level security;
alter table programme_needs_onwardreferral force row level security;
drop policy if exists wall on programme_needs_onwardreferral;
create policy wall on programme_needs_onwardreferral for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, made_on, outcome, outcome_on, ask_on, worker, version) on programme_needs_onwardreferral to prog_report;
drop policy if exists report on programme_needs_onwardreferral;
create policy report on programme_needs_onwardreferral for select to prog_report using (true);

-- programme_needs_safeguardingreferral
revoke all on programme_needs_safeguardingreferral from prog_app, prog_report;
grant select, insert, update on programme_needs_safeguardingreferral to prog_app;
alter table programme_needs_safeguardingreferral enable row level security;
alter table programme_needs_safeguardingreferral force row level security;
drop policy if exists wall on programme_needs_safeguardingreferral;
create policy wall on programme_needs_safeguardingreferral for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, concern, made_on, client_told, outcome, outcome_on, ask_on, worker, version) on programme_needs_safeguardingreferral to prog_report;
drop policy if exists report on programme_needs_safeguardingreferral;
create policy report on programme_needs_safeguardingreferral for select to prog_report using (true);

-- programme_needs_violencehistory
revoke all on programme_needs_violencehistory from prog_app, prog_report;
grant select, insert on programme_needs_violencehistory to prog_app;
alter table programme_needs_violencehistory enable row level security;
alter table programme_needs_violencehistory force row level security;
drop policy if exists wall on programme_needs_violencehistory;
create policy wall on programme_needs_violencehistory for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, since, months, kinds, earlier_partners, convicted, stated_by, stated_on, recorded_at, worker) on programme_needs_violencehistory to prog_report;
drop policy if exists report on programme_needs_violencehistory;
create policy report on programme_needs_violencehistory for select to prog_report using (true);

-- programme_notes_correction
revoke all on programme_notes_correction from prog_app, prog_report;
grant select, insert on programme_notes_correction to prog_app;
alter table programme_notes_correction enable row level security;
alter table programme_notes_correction force row level security;
drop policy if exists wall on programme_notes_correction;
create policy wall on programme_notes_correction for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, note_id, written_at, worker) on programme_notes_correction to prog_report;
drop policy if exists report on programme_notes_correction;
create policy report on programme_notes_correction for select to prog_report using (true);

-- programme_notes_earliernote
revoke all on programme_notes_earliernote from prog_app, prog_report;
grant select, insert on programme_notes_earliernote to prog_app;
alter table programme_notes_earliernote enable row level security;
alter table programme_notes_earliernote force row level security;
drop policy if exists wall on programme_notes_earliernote;
create policy wall on programme_notes_earliernote for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, note_id, version, replaced_at, worker) on programme_notes_earliernote to prog_report;
drop policy if exists report on programme_notes_earliernote;
create policy report on programme_notes_earliernote for select to prog_report using (true);

-- programme_notes_note
revoke all on programme_notes_note from prog_app, prog_report;
grant select, insert, update on programme_notes_note to prog_app;
alter table programme_notes_note enable row level security;
alter table programme_notes_note force row level security;
drop policy if exists wall on programme_notes_note;
create policy wall on programme_notes_note for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, happened_on, written_at, minutes, follow_up_on, task_id, worker, state, decided_at, decided_by, version) on programme_notes_note to prog_report;
drop policy if exists report on programme_notes_note;
create policy report on programme_notes_note for select to prog_report using (true);

-- programme_notes_programmedraft
revoke all on programme_notes_programmedraft from prog_app, prog_report;
grant select, insert, update, delete on programme_notes_programmedraft to prog_app;
alter table programme_notes_programmedraft enable row level security;
alter table programme_notes_programmedraft force row level security;
drop policy if exists wall on programme_notes_programmedraft;
create policy wall on programme_notes_programmedraft for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, worker, key, saved_at, version) on programme_notes_programmedraft to prog_report;
drop policy if exists report on programme_notes_programmedraft;
create policy report on programme_notes_programmedraft for select to prog_report using (true);

-- programme_referrals_bridgeitem
revoke all on programme_referrals_bridgeitem from prog_app, prog_report;
grant select, update (applied_on, outcome, payload) on programme_referrals_bridgeitem to prog_app;
alter table programme_referrals_bridgeitem enable row level security;
alter table programme_referrals_bridgeitem force row level security;
drop policy if exists wall on programme_referrals_bridgeitem;
create policy wall on programme_referrals_bridgeitem for all to prog_app
    using ((select app.is_system()))
    with check ((select app.is_system()));

-- programme_referrals_doorentry
revoke all on programme_referrals_doorentry from prog_app, prog_report;
grant select, update (applied_on, outcome, sealed) on programme_referrals_doorentry to prog_app;
alter table programme_referrals_doorentry enable row level security;
alter table programme_referrals_doorentry force row level security;
drop policy if exists wall on programme_referrals_doorentry;
create policy wall on programme_referrals_doorentry for all to prog_app
    using ((select app.is_system()))
    with check ((select app.is_system()));

-- programme_reports_document
revoke all on programme_reports_document from prog_app, prog_report;
grant select, insert, update on programme_reports_document to prog_app;
alter table programme_reports_document enable row level security;
alter table programme_reports_document force row level security;
drop policy if exists wall on programme_reports_document;
create policy wall on programme_reports_document for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind, language, to_referrer, purpose, basis, release, act, state, edition, replaces_id, written_by, written_at, returned_at, checked_by, checked_at, issued_by, issued_on, withdrawn_on, version) on programme_reports_document to prog_report;
drop policy if exists report on programme_reports_document;
create policy report on programme_reports_document for select to prog_report using (true);

-- programme_reports_issuedfile
revoke all on programme_reports_issuedfile from prog_app, prog_report;
grant select, insert on programme_reports_issuedfile to prog_app;
alter table programme_reports_issuedfile enable row level security;
alter table programme_reports_issuedfile force row level security;
drop policy if exists wall on programme_reports_issuedfile;
create policy wall on programme_reports_issuedfile for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, document_id, ending) on programme_reports_issuedfile to prog_report;
drop policy if exists report on programme_reports_issuedfile;
create policy report on programme_reports_issuedfile for select to prog_report using (true);

-- programme_reports_letterhead
revoke all on programme_reports_letterhead from prog_app, prog_report;
grant select, insert, update on programme_reports_letterhead to prog_app;
alter table programme_reports_letterhead enable row level security;
alter table programme_reports_letterhead force row level security;
drop policy if exists wall on programme_reports_letterhead;
create policy wall on programme_reports_letterhead for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, worker, kept_at, version) on programme_reports_letterhead to prog_report;
drop policy if exists report on programme_reports_letterhead;
create policy report on programme_reports_letterhead for select to prog_report using (true);

-- programme_reports_lettertemplate
revoke all on programme_reports_lettertemplate from prog_app, prog_report;
grant select, insert, update on programme_reports_lettertemplate to prog_app;
alter table programme_reports_lettertemplate enable row level security;
alter table programme_reports_lettertemplate force row level security;
drop policy if exists wall on programme_reports_lettertemplate;
create policy wall on programme_reports_lettertemplate for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, language, worker, kept_at, retired_at) on programme_reports_lettertemplate to prog_report;
drop policy if exists report on programme_reports_lettertemplate;
create policy report on programme_reports_lettertemplate for select to prog_report using (true);

-- programme_reports_recipienttold
revoke all on programme_reports_recipienttold from prog_app, prog_report;
grant select, insert on programme_reports_recipienttold to prog_app;
alter table programme_reports_recipienttold enable row level security;
alter table programme_reports_recipienttold force row level security;
drop policy if exists wall on programme_reports_recipienttold;
create policy wall on programme_reports_recipienttold for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, document_id, told_on, worker) on programme_reports_recipienttold to prog_report;
drop policy if exists report on programme_reports_recipienttold;
create policy report on programme_reports_recipienttold for select to prog_report using (true);

-- programme_retention_deletion
revoke all on programme_retention_deletion from prog_app, prog_report;
grant select, insert, update on programme_retention_deletion to prog_app;
alter table programme_retention_deletion enable row level security;
alter table programme_retention_deletion force row level security;
drop policy if exists wall on programme_retention_deletion;
create policy wall on programme_retention_deletion for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, file_id, ground, keeps_figures, due_on, decided_by, decided_at, approved_by, approved_at, refused_by, refused_at, done_at, with_file) on programme_retention_deletion to prog_report;
drop policy if exists report on programme_retention_deletion;
create policy report on programme_retention_deletion for select to prog_report using (true);

-- programme_retention_legalhold
revoke all on programme_retention_legalhold from prog_app, prog_report;
grant select, insert, update on programme_retention_legalhold to prog_app;
alter table programme_retention_legalhold enable row level security;
alter table programme_retention_legalhold force row level security;
drop policy if exists wall on programme_retention_legalhold;
create policy wall on programme_retention_legalhold for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, file_id, ground, held_by, held_at, review_on, lifted_by, lifted_at, version) on programme_retention_legalhold to prog_report;
drop policy if exists report on programme_retention_legalhold;
create policy report on programme_retention_legalhold for select to prog_report using (true);

-- programme_retention_remainder
revoke all on programme_retention_remainder from prog_app, prog_report;
grant select, insert on programme_retention_remainder to prog_app;
alter table programme_retention_remainder enable row level security;
alter table programme_retention_remainder force row level security;
drop policy if exists wall on programme_retention_remainder;
create policy wall on programme_retention_remainder for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, referred_in, ended_in, route, outcome, reason, contacts, meetings, attended, children) on programme_retention_remainder to prog_report;
drop policy if exists report on programme_retention_remainder;
create policy report on programme_retention_remainder for select to prog_report using (true);

-- programme_rights_accessitem
revoke all on programme_rights_accessitem from prog_app, prog_report;
grant select, insert on programme_rights_accessitem to prog_app;
alter table programme_rights_accessitem enable row level security;
alter table programme_rights_accessitem force row level security;
drop policy if exists wall on programme_rights_accessitem;
create policy wall on programme_rights_accessitem for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, request_id, kind, record_id, source, about_others, written_on, version) on programme_rights_accessitem to prog_report;
drop policy if exists report on programme_rights_accessitem;
create policy report on programme_rights_accessitem for select to prog_report using (true);

-- programme_rights_accessrequest
revoke all on programme_rights_accessrequest from prog_app, prog_report;
grant select, insert, update on programme_rights_accessrequest to prog_app;
alter table programme_rights_accessrequest enable row level security;
alter table programme_rights_accessrequest force row level security;
drop policy if exists wall on programme_rights_accessrequest;
create policy wall on programme_rights_accessrequest for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, decision, decided_on, decided_by, asked_for, received_on, how, identity, identity_on, language, state, collected_at, items, worker, recorded_at, version) on programme_rights_accessrequest to prog_report;
drop policy if exists report on programme_rights_accessrequest;
create policy report on programme_rights_accessrequest for select to prog_report using (true);

-- programme_rights_breachreport
revoke all on programme_rights_breachreport from prog_app, prog_report;
grant select, insert on programme_rights_breachreport to prog_app;
alter table programme_rights_breachreport enable row level security;
alter table programme_rights_breachreport force row level security;
drop policy if exists wall on programme_rights_breachreport;
create policy wall on programme_rights_breachreport for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, mishap, near_miss, happened_on, found_at, clients, partners, children, workers, reported_by, reported_at, service, version) on programme_rights_breachreport to prog_report;
drop policy if exists report on programme_rights_breachreport;
create policy report on programme_rights_breachreport for select to prog_report using (true);

-- programme_rights_complaint
revoke all on programme_rights_complaint from prog_app, prog_report;
grant select, insert, update on programme_rights_complaint to prog_app;
alter table programme_rights_complaint enable row level security;
alter table programme_rights_complaint force row level security;
drop policy if exists wall on programme_rights_complaint;
create policy wall on programme_rights_complaint for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, about, came_from, received_on, acknowledged_on, acknowledged_by, answered_on, answered_by, outcome, worker, recorded_at, version, case_id) on programme_rights_complaint to prog_report;
drop policy if exists report on programme_rights_complaint;
create policy report on programme_rights_complaint for select to prog_report using (true);

-- programme_rights_personstatement
revoke all on programme_rights_personstatement from prog_app, prog_report;
grant select, insert on programme_rights_personstatement to prog_app;
alter table programme_rights_personstatement enable row level security;
alter table programme_rights_personstatement force row level security;
drop policy if exists wall on programme_rights_personstatement;
create policy wall on programme_rights_personstatement for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, stated_on, worker, recorded_at, request_id) on programme_rights_personstatement to prog_report;
drop policy if exists report on programme_rights_personstatement;
create policy report on programme_rights_personstatement for select to prog_report using (true);

-- programme_rights_restriction
revoke all on programme_rights_restriction from prog_app, prog_report;
grant select, insert, update on programme_rights_restriction to prog_app;
alter table programme_rights_restriction enable row level security;
alter table programme_rights_restriction force row level security;
drop policy if exists wall on programme_rights_restriction;
create policy wall on programme_rights_restriction for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, because, from_on, worker, ended_on, ended_by, version, request_id) on programme_rights_restriction to prog_report;
drop policy if exists report on programme_rights_restriction;
create policy report on programme_rights_restriction for select to prog_report using (true);

-- programme_risk_commission
revoke all on programme_risk_commission from prog_app, prog_report;
grant select, insert, update on programme_risk_commission to prog_app;
alter table programme_risk_commission enable row level security;
alter table programme_risk_commission force row level security;
drop policy if exists wall on programme_risk_commission;
create policy wall on programme_risk_commission for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, commissioner, price, currency, asked_on, due_on, state, delivered_on, document, withdrawn_on, worker, version) on programme_risk_commission to prog_report;
drop policy if exists report on programme_risk_commission;
create policy report on programme_risk_commission for select to prog_report using (true);

-- programme_risk_raisedresult
revoke all on programme_risk_raisedresult from prog_app, prog_report;
grant select, insert on programme_risk_raisedresult to prog_app;
alter table programme_risk_raisedresult enable row level security;
alter table programme_risk_raisedresult force row level security;
drop policy if exists wall on programme_risk_raisedresult;
create policy wall on programme_risk_raisedresult for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, answer_id, answer_version, raised_on, worker) on programme_risk_raisedresult to prog_report;
drop policy if exists report on programme_risk_raisedresult;
create policy report on programme_risk_raisedresult for select to prog_report using (true);

-- programme_risk_reportfeedback
revoke all on programme_risk_reportfeedback from prog_app, prog_report;
grant select, insert, update on programme_risk_reportfeedback to prog_app;
alter table programme_risk_reportfeedback enable row level security;
alter table programme_risk_reportfeedback force row level security;
drop policy if exists wall on programme_risk_reportfeedback;
create policy wall on programme_risk_reportfeedback for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, document, commission_id, to_referrer, issued_on, ask_on, usefulness, told, answered_on, worker, void) on programme_risk_reportfeedback to prog_report;
drop policy if exists report on programme_risk_reportfeedback;
create policy report on programme_risk_reportfeedback for select to prog_report using (true);

-- programme_risk_riskassessment
revoke all on programme_risk_riskassessment from prog_app, prog_report;
grant select, insert, update on programme_risk_riskassessment to prog_app;
alter table programme_risk_riskassessment enable row level security;
alter table programme_risk_riskassessment force row level security;
drop policy if exists wall on programme_risk_riskassessment;
create policy wall on programme_risk_riskassessment for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, version, state, level, judged, writers, worker, begun_on, sent_on, returned_on, signed_by, signed_on, signed_at, review_on, revision) on programme_risk_riskassessment to prog_report;
drop policy if exists report on programme_risk_riskassessment;
create policy report on programme_risk_riskassessment for select to prog_report using (true);

-- programme_risk_riskevidence
revoke all on programme_risk_riskevidence from prog_app, prog_report;
grant select, insert on programme_risk_riskevidence to prog_app;
alter table programme_risk_riskevidence enable row level security;
alter table programme_risk_riskevidence force row level security;
drop policy if exists wall on programme_risk_riskevidence;
create policy wall on programme_risk_riskevidence for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, source, how, held_on, signs, recorded_at, worker) on programme_risk_riskevidence to prog_report;
drop policy if exists report on programme_risk_riskevidence;
create policy report on programme_risk_riskevidence for select to prog_report using (true);

-- programme_risk_riskrating
revoke all on programme_risk_riskrating from prog_app, prog_report;
grant select, insert, update on programme_risk_riskrating to prog_app;
alter table programme_risk_riskrating enable row level security;
alter table programme_risk_riskrating force row level security;
drop policy if exists wall on programme_risk_riskrating;
create policy wall on programme_risk_riskrating for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, assessment_id, factor, rating) on programme_risk_riskrating to prog_report;
drop policy if exists report on programme_risk_riskrating;
create policy report on programme_risk_riskrating for select to prog_report using (true);

-- programme_risk_risksource
revoke all on programme_risk_risksource from prog_app, prog_report;
grant select, insert, update on programme_risk_risksource to prog_app;
alter table programme_risk_risksource enable row level security;
alter table programme_risk_risksource force row level security;
drop policy if exists wall on programme_risk_risksource;
create policy wall on programme_risk_risksource for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, assessment_id, source, had, had_on) on programme_risk_risksource to prog_report;
drop policy if exists report on programme_risk_risksource;
create policy report on programme_risk_risksource for select to prog_report using (true);

-- the bridge
grant create, usage on schema app to prog_bridge_owner;
grant insert on programme_referrals_bridgeitem to prog_bridge_owner;
drop policy if exists append on programme_referrals_bridgeitem;
create policy append on programme_referrals_bridgeitem for insert to prog_bridge_owner with check (true);
set role prog_bridge_owner;
create or replace function app.bridge_append(item uuid, kind text, payload bytea) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    if kind not in ('referral_part', 'withdrawal', 'disclosure', 'recall') then
        raise exception 'this kind does not cross' using errcode = '22023';
    end if;
    insert into public.programme_referrals_bridgeitem (id, kind, payload, outcome)
    values (item, kind, payload, '') on conflict do nothing;
end $$;
revoke execute on function app.bridge_append(uuid, text, bytea) from public;
grant execute on function app.bridge_append(uuid, text, bytea) to prog_bridge;
reset role;
revoke create on schema app from prog_bridge_owner;
grant usage on schema app to prog_bridge;

-- flow flow_case
grant create, usage on schema flow to prog_flow_owner;
grant select (id, client_id, referral_id, service, route, referred_on, stage, stage_on, contact, exit_reason, version) on programme_cases_case to prog_flow_owner;
drop policy if exists flow on programme_cases_case;
create policy flow on programme_cases_case for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_case;
create view flow.flow_case with (security_barrier = true) as
    select id, client_id, referral_id, service, route, referred_on, stage, stage_on, contact, exit_reason, version from public.programme_cases_case;
grant select on flow.flow_case to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_client
grant create, usage on schema flow to prog_flow_owner;
grant select (id, given_name, family_name, born_on, sex, version) on programme_cases_client to prog_flow_owner;
drop policy if exists flow on programme_cases_client;
create policy flow on programme_cases_client for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_client;
create view flow.flow_client with (security_barrier = true) as
    select id, given_name, family_name, born_on, sex, version from public.programme_cases_client;
grant select on flow.flow_client to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_attendance
grant create, usage on schema flow to prog_flow_owner;
grant select (id, session_id, case_id, outcome, minutes_attended, version) on programme_groups_attendance to prog_flow_owner;
drop policy if exists flow on programme_groups_attendance;
create policy flow on programme_groups_attendance for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_attendance;
create view flow.flow_attendance with (security_barrier = true) as
    select id, session_id, case_id, outcome, minutes_attended, version from public.programme_groups_attendance;
grant select on flow.flow_attendance to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_session
grant create, usage on schema flow to prog_flow_owner;
grant select (id, group_id, case_id, kind, number, held_on, begins_at, minutes, room_id, state, version) on programme_groups_session to prog_flow_owner;
drop policy if exists flow on programme_groups_session;
create policy flow on programme_groups_session for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_session;
create view flow.flow_session with (security_barrier = true) as
    select id, group_id, case_id, kind, number, held_on, begins_at, minutes, room_id, state, version from public.programme_groups_session;
grant select on flow.flow_session to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_place
grant create, usage on schema flow to prog_flow_owner;
grant select (id, group_id, case_id, joined_on, left_on) on programme_groups_groupmember to prog_flow_owner;
drop policy if exists flow on programme_groups_groupmember;
create policy flow on programme_groups_groupmember for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_place;
create view flow.flow_place with (security_barrier = true) as
    select id, group_id, case_id, joined_on, left_on from public.programme_groups_groupmember;
grant select on flow.flow_place to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_room
grant create, usage on schema flow to prog_flow_owner;
grant select (id, building, version) on programme_groups_room to prog_flow_owner;
drop policy if exists flow on programme_groups_room;
create policy flow on programme_groups_room for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_room;
create view flow.flow_room with (security_barrier = true) as
    select id, building, version from public.programme_groups_room;
grant select on flow.flow_room to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_course
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, level, state, began_on, ends_by, ended_on, version) on programme_courses_course to prog_flow_owner;
drop policy if exists flow on programme_courses_course;
create policy flow on programme_courses_course for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_course;
create view flow.flow_course with (security_barrier = true) as
    select id, case_id, level, state, began_on, ends_by, ended_on, version from public.programme_courses_course;
grant select on flow.flow_course to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_declared_partner
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, name, relation, contact_details, stated_by, stated_on, version) on programme_cases_declaredpartner to prog_flow_owner;
drop policy if exists flow on programme_cases_declaredpartner;
create policy flow on programme_cases_declaredpartner for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_declared_partner;
create view flow.flow_declared_partner with (security_barrier = true) as
    select id, case_id, name, relation, contact_details, stated_by, stated_on, version from public.programme_cases_declaredpartner;
grant select on flow.flow_declared_partner to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_suitability
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, booked_for, decision, decided_on, review_on, version) on programme_cases_assessment to prog_flow_owner;
drop policy if exists flow on programme_cases_assessment;
create policy flow on programme_cases_assessment for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_suitability;
create view flow.flow_suitability with (security_barrier = true) as
    select id, case_id, booked_for, decision, decided_on, review_on, version from public.programme_cases_assessment;
grant select on flow.flow_suitability to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_family_statement
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, of, answer, number, stated_by, stated_on, version) on programme_needs_familystatement to prog_flow_owner;
drop policy if exists flow on programme_needs_familystatement;
create policy flow on programme_needs_familystatement for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_family_statement;
create view flow.flow_family_statement with (security_barrier = true) as
    select id, case_id, of, answer, number, stated_by, stated_on, version from public.programme_needs_familystatement;
grant select on flow.flow_family_statement to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_declared_child
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, name, born_on, lives, sees_client, stated_by, stated_on, version) on programme_needs_declaredchild to prog_flow_owner;
drop policy if exists flow on programme_needs_declaredchild;
create policy flow on programme_needs_declaredchild for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_declared_child;
create view flow.flow_declared_child with (security_barrier = true) as
    select id, case_id, name, born_on, lives, sees_client, stated_by, stated_on, version from public.programme_needs_declaredchild;
grant select on flow.flow_declared_child to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_safeguarding
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, concern, made_on, outcome, outcome_on, version) on programme_needs_safeguardingreferral to prog_flow_owner;
drop policy if exists flow on programme_needs_safeguardingreferral;
create policy flow on programme_needs_safeguardingreferral for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_safeguarding;
create view flow.flow_safeguarding with (security_barrier = true) as
    select id, case_id, concern, made_on, outcome, outcome_on, version from public.programme_needs_safeguardingreferral;
grant select on flow.flow_safeguarding to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_access_request
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, asked_for, received_on, how, identity, identity_on, asks, language, state, items, version) on programme_rights_accessrequest to prog_flow_owner;
drop policy if exists flow on programme_rights_accessrequest;
create policy flow on programme_rights_accessrequest for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_access_request;
create view flow.flow_access_request with (security_barrier = true) as
    select id, case_id, asked_for, received_on, how, identity, identity_on, asks, language, state, items, version from public.programme_rights_accessrequest;
grant select on flow.flow_access_request to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_access_item
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, request_id, kind, record_id, source, about_others, written_on, content, version) on programme_rights_accessitem to prog_flow_owner;
drop policy if exists flow on programme_rights_accessitem;
create policy flow on programme_rights_accessitem for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_access_item;
create view flow.flow_access_item with (security_barrier = true) as
    select id, case_id, request_id, kind, record_id, source, about_others, written_on, content, version from public.programme_rights_accessitem;
grant select on flow.flow_access_item to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_breach_report
grant create, usage on schema flow to prog_flow_owner;
grant select (id, service, mishap, near_miss, what, happened_on, found_at, clients, partners, children, workers, reported_at, version) on programme_rights_breachreport to prog_flow_owner;
drop policy if exists flow on programme_rights_breachreport;
create policy flow on programme_rights_breachreport for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_breach_report;
create view flow.flow_breach_report with (security_barrier = true) as
    select id, service, mishap, near_miss, what, happened_on, found_at, clients, partners, children, workers, reported_at, version from public.programme_rights_breachreport;
grant select on flow.flow_breach_report to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_risk
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, level, state, signed_on, review_on, version) on programme_risk_riskassessment to prog_flow_owner;
drop policy if exists flow on programme_risk_riskassessment;
create policy flow on programme_risk_riskassessment for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_risk;
create view flow.flow_risk with (security_barrier = true) as
    select id, case_id, level, state, signed_on, review_on, version from public.programme_risk_riskassessment;
grant select on flow.flow_risk to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_incident
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, forms, signs, severity, source, happened_on, exact, told_on, corrects_id, taken_back) on programme_incidents_incident to prog_flow_owner;
drop policy if exists flow on programme_incidents_incident;
create policy flow on programme_incidents_incident for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_incident;
create view flow.flow_incident with (security_barrier = true) as
    select id, case_id, forms, signs, severity, source, happened_on, exact, told_on, corrects_id, taken_back from public.programme_incidents_incident;
grant select on flow.flow_incident to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_proceeding
grant create, usage on schema flow to prog_flow_owner;
grant select (id, case_id, kind, began_on, until_on, ended_on, ended_how, source, version) on programme_incidents_proceeding to prog_flow_owner;
drop policy if exists flow on programme_incidents_proceeding;
create policy flow on programme_incidents_proceeding for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_proceeding;
create view flow.flow_proceeding with (security_barrier = true) as
    select id, case_id, kind, began_on, until_on, ended_on, ended_how, source, version from public.programme_incidents_proceeding;
grant select on flow.flow_proceeding to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- flow flow_deletion
grant create, usage on schema flow to prog_flow_owner;
grant select (id, kind, file_hash, done_at) on programme_retention_deletion to prog_flow_owner;
drop policy if exists flow on programme_retention_deletion;
create policy flow on programme_retention_deletion for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_deletion;
create view flow.flow_deletion with (security_barrier = true) as
    select id, kind, file_hash, done_at from public.programme_retention_deletion;
grant select on flow.flow_deletion to prog_flow;
reset role;
revoke create on schema flow from prog_flow_owner;
grant usage on schema flow to prog_flow;

-- the front door
grant create, usage on schema app to prog_door_owner;
grant insert on programme_referrals_doorentry to prog_door_owner;
drop policy if exists append on programme_referrals_doorentry;
create policy append on programme_referrals_doorentry for insert to prog_door_owner with check (true);
set role prog_door_owner;
create or replace function app.door_append(entry uuid, sealed bytea) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into public.programme_referrals_doorentry (id, sealed, outcome)
    values (entry, sealed, '') on conflict do nothing;
end $$;
revoke execute on function app.door_append(uuid, bytea) from public;
grant execute on function app.door_append(uuid, bytea) to prog_door;
reset role;
revoke create on schema app from prog_door_owner;
grant usage on schema app to prog_door;

-- shared tables
revoke all on staff_agency from prog_app;
grant select on staff_agency to prog_app;
revoke all on staff_service from prog_app;
grant select on staff_service to prog_app;
revoke all on staff_compartment from prog_app;
grant select on staff_compartment to prog_app;
revoke all on staff_membership from prog_app;
grant select on staff_membership to prog_app;
revoke all on staff_worker from prog_app;
grant select, update (last_login, password) on staff_worker to prog_app;
revoke all on staff_agencysubject from prog_app;
grant select on staff_agencysubject to prog_app;
revoke all on audit_entry from prog_app;
grant insert on audit_entry to prog_app;
revoke all on django_session from prog_app;
grant select, insert, update, delete on django_session to prog_app;
revoke all on casewall_cache from prog_app;
grant select, insert, update, delete on casewall_cache to prog_app;
revoke all on account_emailaddress from prog_app;
grant select, insert, update on account_emailaddress to prog_app;
revoke all on mfa_authenticator from prog_app;
grant select, insert, update, delete on mfa_authenticator to prog_app;
revoke all on account_emailconfirmation from prog_app;
revoke all on auth_group from prog_app;
revoke all on auth_group_permissions from prog_app;
revoke all on auth_permission from prog_app;
revoke all on django_content_type from prog_app;
revoke all on django_migrations from prog_app;
revoke all on staff_service from prog_report;
grant select (code) on staff_service to prog_report;
revoke all on staff_worker from prog_report;
grant select (role, invented) on staff_worker to prog_report;

-- who looked, who works here
grant usage on schema public to prog_desk_owner;
grant create, usage on schema app to prog_desk_owner;
grant execute on function app.worker() to prog_desk_owner;
revoke all on audit_entry, staff_worker, staff_membership from prog_desk_owner;
grant select on audit_entry, staff_worker to prog_desk_owner;
grant insert (id, email, name, role, agency_id, is_active, until, invented, password),
    update (email, name, role, agency_id, is_active, until) on staff_worker to prog_desk_owner;
revoke all on staff_agencysubject from prog_desk_owner;
grant select, insert, delete on staff_membership, staff_agencysubject to prog_desk_owner;
set role prog_desk_owner;
create or replace function app.audit_looks(things uuid[], since timestamptz)
returns table (thing uuid, worker uuid, role text, verb text, day date, times bigint,
    last_at timestamptz) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
    select e.object_id, e.worker, e.role, e.verb, (e.at at time zone 'UTC')::date, count(*),
        max(e.at)
    from public.audit_entry e
    where e.at >= since
        and (e.object_id = any (things)
            or things is null and e.kind in ('case', 'partnerfile', 'child'))
        and exists (select from public.staff_worker w where w.id = app.worker() and w.is_active
            and w.role in ('programme_manager'))
    group by 1, 2, 3, 4, 5
$$;
create or replace function app.keep_account(account uuid, mail text, called text, part text,
    of_agency text, active boolean, last_day date, places int[]) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    invents boolean;
begin
    select w.invented into invents from public.staff_worker w
    where w.id = app.worker() and w.is_active and w.role in ('programme_administrator');
    if not found then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker() or part not in ('facilitator', 'assessor', 'programme_manager', 'referrer', 'programme_administrator')
        or exists (select from public.staff_worker w where w.id = account and w.role in ('programme_system'))
    then
        raise exception 'this account cannot be kept here' using errcode = '42501';
    end if;
    insert into public.staff_worker
        (id, email, name, role, agency_id, is_active, until, invented, password)
    values (account, mail, called, part, of_agency, active, last_day, invents, '!')
    on conflict (id) do update set email = excluded.email, name = excluded.name,
        role = excluded.role, agency_id = excluded.agency_id, is_active = excluded.is_active,
        until = excluded.until;
    delete from public.staff_membership m
    where m.worker_id = account and m.compartment_id <> all (places);
    insert into public.staff_membership (worker_id, compartment_id)
    select account, place from unnest(places) place
    where part not in ('programme_administrator') on conflict do nothing;
end $$;
create or replace function app.bind_account(account uuid, of_issuer text, known_as text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from public.staff_worker w where w.id = app.worker() and w.is_active
                   and w.role in ('programme_administrator')) then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker()
        or exists (select from public.staff_worker w where w.id = account and w.role in ('programme_system'))
    then
        raise exception 'this account cannot be kept here' using errcode = '42501';
    end if;
    delete from public.staff_agencysubject s where s.worker_id = account;
    if known_as <> '' then
        insert into public.staff_agencysubject (worker_id, issuer, subject)
        values (account, of_issuer, known_as);
    end if;
end $$;
revoke execute on function app.audit_looks(uuid[], timestamptz),
    app.keep_account(uuid, text, text, text, text, boolean, date, int[]),
    app.bind_account(uuid, text, text) from public;
grant execute on function app.audit_looks(uuid[], timestamptz),
    app.keep_account(uuid, text, text, text, text, boolean, date, int[]),
    app.bind_account(uuid, text, text) to prog_app;
reset role;
revoke create on schema app from prog_desk_owner;

-- erasing a file: rights of a role that nobody logs in as

revoke all on programme_access_exclusion from prog_erase_owner;
grant delete, select on programme_access_exclusion to prog_erase_owner;
drop policy if exists erase on programme_access_exclusion;
create policy erase on programme_access_exclusion for all to prog_erase_owner using (true) with check (true);

revoke all on programme_access_outofturn from prog_erase_owner;
grant delete, select on programme_access_outofturn to prog_erase_owner;
drop policy if exists erase on programme_access_outofturn;
create policy erase on programme_access_outofturn for all to prog_erase_owner using (true) with check (true);

revoke all on programme_agreements_agreement from prog_erase_owner;
grant delete, select on programme_agreements_agreement to prog_erase_owner;
drop policy if exists erase on programme_agreements_agreement;
create policy erase on programme_agreements_agreement for all to prog_erase_owner using (true) with check (true);

revoke all on programme_agreements_release from prog_erase_owner;
grant delete, select on programme_agreements_release to prog_erase_owner;
drop policy if exists erase on programme_agreements_release;
create policy erase on programme_agreements_release for all to prog_erase_owner using (true) with check (true);

revoke all on programme_assessments_eligibilityanswer from prog_erase_owner;
grant delete, select on programme_assessments_eligibilityanswer to prog_erase_owner;
drop policy if exists erase on programme_assessments_eligibilityanswer;
create policy erase on programme_assessments_eligibilityanswer for all to prog_erase_owner using (true) with check (true);

revoke all on programme_assessments_eligibilitycheck from prog_erase_owner;
grant delete, select on programme_assessments_eligibilitycheck to prog_erase_owner;
drop policy if exists erase on programme_assessments_eligibilitycheck;
create policy erase on programme_assessments_eligibilitycheck for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_assessment from prog_erase_owner;
grant delete, select, update on programme_cases_assessment to prog_erase_owner;
drop policy if exists erase on programme_cases_assessment;
create policy erase on programme_cases_assessment for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_case from prog_erase_owner;
grant delete, select on programme_cases_case to prog_erase_owner;
drop policy if exists erase on programme_cases_case;
create policy erase on programme_cases_case for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_client from prog_erase_owner;
grant delete, select on programme_cases_client to prog_erase_owner;
drop policy if exists erase on programme_cases_client;
create policy erase on programme_cases_client for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_clienttoken from prog_erase_owner;
grant delete, select on programme_cases_clienttoken to prog_erase_owner;
drop policy if exists erase on programme_cases_clienttoken;
create policy erase on programme_cases_clienttoken for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_contactattempt from prog_erase_owner;
grant delete, select on programme_cases_contactattempt to prog_erase_owner;
drop policy if exists erase on programme_cases_contactattempt;
create policy erase on programme_cases_contactattempt for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_declaredpartner from prog_erase_owner;
grant delete, select on programme_cases_declaredpartner to prog_erase_owner;
drop policy if exists erase on programme_cases_declaredpartner;
create policy erase on programme_cases_declaredpartner for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_stagemove from prog_erase_owner;
grant delete, select, update on programme_cases_stagemove to prog_erase_owner;
drop policy if exists erase on programme_cases_stagemove;
create policy erase on programme_cases_stagemove for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_statement from prog_erase_owner;
grant delete, select on programme_cases_statement to prog_erase_owner;
drop policy if exists erase on programme_cases_statement;
create policy erase on programme_cases_statement for all to prog_erase_owner using (true) with check (true);

revoke all on programme_cases_task from prog_erase_owner;
grant delete, select on programme_cases_task to prog_erase_owner;
drop policy if exists erase on programme_cases_task;
create policy erase on programme_cases_task for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_act from prog_erase_owner;
grant delete, select on programme_courses_act to prog_erase_owner;
drop policy if exists erase on programme_courses_act;
create policy erase on programme_courses_act for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_completionreview from prog_erase_owner;
grant delete, select on programme_courses_completionreview to prog_erase_owner;
drop policy if exists erase on programme_courses_completionreview;
create policy erase on programme_courses_completionreview for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_course from prog_erase_owner;
grant delete, select on programme_courses_course to prog_erase_owner;
drop policy if exists erase on programme_courses_course;
create policy erase on programme_courses_course for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_coursechange from prog_erase_owner;
grant delete, select on programme_courses_coursechange to prog_erase_owner;
drop policy if exists erase on programme_courses_coursechange;
create policy erase on programme_courses_coursechange for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_criterionrating from prog_erase_owner;
grant delete, select on programme_courses_criterionrating to prog_erase_owner;
drop policy if exists erase on programme_courses_criterionrating;
create policy erase on programme_courses_criterionrating for all to prog_erase_owner using (true) with check (true);

revoke all on programme_courses_followup from prog_erase_owner;
grant delete, select on programme_courses_followup to prog_erase_owner;
drop policy if exists erase on programme_courses_followup;
create policy erase on programme_courses_followup for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_attendance from prog_erase_owner;
grant delete, select, update on programme_groups_attendance to prog_erase_owner;
drop policy if exists erase on programme_groups_attendance;
create policy erase on programme_groups_attendance for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_availability from prog_erase_owner;
grant delete, select on programme_groups_availability to prog_erase_owner;
drop policy if exists erase on programme_groups_availability;
create policy erase on programme_groups_availability for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_groupmember from prog_erase_owner;
grant delete, select, update on programme_groups_groupmember to prog_erase_owner;
drop policy if exists erase on programme_groups_groupmember;
create policy erase on programme_groups_groupmember for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_nonassociation from prog_erase_owner;
grant delete, select on programme_groups_nonassociation to prog_erase_owner;
drop policy if exists erase on programme_groups_nonassociation;
create policy erase on programme_groups_nonassociation for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_session from prog_erase_owner;
grant delete, select, update on programme_groups_session to prog_erase_owner;
drop policy if exists erase on programme_groups_session;
create policy erase on programme_groups_session for all to prog_erase_owner using (true) with check (true);

revoke all on programme_groups_visitor from prog_erase_owner;
grant delete, select on programme_groups_visitor to prog_erase_owner;
drop policy if exists erase on programme_groups_visitor;
create policy erase on programme_groups_visitor for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_askedspan from prog_erase_owner;
grant delete, select on programme_incidents_askedspan to prog_erase_owner;
drop policy if exists erase on programme_incidents_askedspan;
create policy erase on programme_incidents_askedspan for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_courtday from prog_erase_owner;
grant delete, select on programme_incidents_courtday to prog_erase_owner;
drop policy if exists erase on programme_incidents_courtday;
create policy erase on programme_incidents_courtday for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_custodyspan from prog_erase_owner;
grant delete, select on programme_incidents_custodyspan to prog_erase_owner;
drop policy if exists erase on programme_incidents_custodyspan;
create policy erase on programme_incidents_custodyspan for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_incident from prog_erase_owner;
grant delete, select, update on programme_incidents_incident to prog_erase_owner;
drop policy if exists erase on programme_incidents_incident;
create policy erase on programme_incidents_incident for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_incidentreview from prog_erase_owner;
grant delete, select on programme_incidents_incidentreview to prog_erase_owner;
drop policy if exists erase on programme_incidents_incidentreview;
create policy erase on programme_incidents_incidentreview for all to prog_erase_owner using (true) with check (true);

revoke all on programme_incidents_proceeding from prog_erase_owner;
grant delete, select on programme_incidents_proceeding to prog_erase_owner;
drop policy if exists erase on programme_incidents_proceeding;
create policy erase on programme_incidents_proceeding for all to prog_erase_owner using (true) with check (true);

revoke all on programme_measuring_earlieranswer from prog_erase_owner;
grant delete, select on programme_measuring_earlieranswer to prog_erase_owner;
drop policy if exists erase on programme_measuring_earlieranswer;
create policy erase on programme_measuring_earlieranswer for all to prog_erase_owner using (true) with check (true);

revoke all on programme_measuring_measureanswer from prog_erase_owner;
grant delete, select on programme_measuring_measureanswer to prog_erase_owner;
drop policy if exists erase on programme_measuring_measureanswer;
create policy erase on programme_measuring_measureanswer for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_circumstances from prog_erase_owner;
grant delete, select on programme_needs_circumstances to prog_erase_owner;
drop policy if exists erase on programme_needs_circumstances;
create policy erase on programme_needs_circumstances for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_declaredchild from prog_erase_owner;
grant delete, select on programme_needs_declaredchild to prog_erase_owner;
drop policy if exists erase on programme_needs_declaredchild;
create policy erase on programme_needs_declaredchild for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_familystatement from prog_erase_owner;
grant delete, select on programme_needs_familystatement to prog_erase_owner;
drop policy if exists erase on programme_needs_familystatement;
create policy erase on programme_needs_familystatement for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_need from prog_erase_owner;
grant delete, select on programme_needs_need to prog_erase_owner;
drop policy if exists erase on programme_needs_need;
create policy erase on programme_needs_need for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_onwardreferral from prog_erase_owner;
grant delete, select on programme_needs_onwardreferral to prog_erase_owner;
drop policy if exists erase on programme_needs_onwardreferral;
create policy erase on programme_needs_onwardreferral for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_safeguardingreferral from prog_erase_owner;
grant delete, select on programme_needs_safeguardingreferral to prog_erase_owner;
drop policy if exists erase on programme_needs_safeguardingreferral;
create policy erase on programme_needs_safeguardingreferral for all to prog_erase_owner using (true) with check (true);

revoke all on programme_needs_violencehistory from prog_erase_owner;
grant delete, select on programme_needs_violencehistory to prog_erase_owner;
drop policy if exists erase on programme_needs_violencehistory;
create policy erase on programme_needs_violencehistory for all to prog_erase_owner using (true) with check (true);

revoke all on programme_notes_correction from prog_erase_owner;
grant delete, select on programme_notes_correction to prog_erase_owner;
drop policy if exists erase on programme_notes_correction;
create policy erase on programme_notes_correction for all to prog_erase_owner using (true) with check (true);

revoke all on programme_notes_earliernote from prog_erase_owner;
grant delete, select on programme_notes_earliernote to prog_erase_owner;
drop policy if exists erase on programme_notes_earliernote;
create policy erase on programme_notes_earliernote for all to prog_erase_owner using (true) with check (true);

revoke all on programme_notes_note from prog_erase_owner;
grant delete, select, update on programme_notes_note to prog_erase_owner;
drop policy if exists erase on programme_notes_note;
create policy erase on programme_notes_note for all to prog_erase_owner using (true) with check (true);

revoke all on programme_reports_document from prog_erase_owner;
grant delete, select, update on programme_reports_document to prog_erase_owner;
drop policy if exists erase on programme_reports_document;
create policy erase on programme_reports_document for all to prog_erase_owner using (true) with check (true);

revoke all on programme_reports_issuedfile from prog_erase_owner;
grant delete, select on programme_reports_issuedfile to prog_erase_owner;
drop policy if exists erase on programme_reports_issuedfile;
create policy erase on programme_reports_issuedfile for all to prog_erase_owner using (true) with check (true);

revoke all on programme_reports_recipienttold from prog_erase_owner;
grant delete, select on programme_reports_recipienttold to prog_erase_owner;
drop policy if exists erase on programme_reports_recipienttold;
create policy erase on programme_reports_recipienttold for all to prog_erase_owner using (true) with check (true);

revoke all on programme_retention_deletion from prog_erase_owner;
grant select, update on programme_retention_deletion to prog_erase_owner;
drop policy if exists erase on programme_retention_deletion;
create policy erase on programme_retention_deletion for all to prog_erase_owner using (true) with check (true);

revoke all on programme_retention_legalhold from prog_erase_owner;
grant delete, select on programme_retention_legalhold to prog_erase_owner;
drop policy if exists erase on programme_retention_legalhold;
create policy erase on programme_retention_legalhold for all to prog_erase_owner using (true) with check (true);

revoke all on programme_rights_accessitem from prog_erase_owner;
grant delete, select on programme_rights_accessitem to prog_erase_owner;
drop policy if exists erase on programme_rights_accessitem;
create policy erase on programme_rights_accessitem for all to prog_erase_owner using (true) with check (true);

revoke all on programme_rights_accessrequest from prog_erase_owner;
grant delete, select on programme_rights_accessrequest to prog_erase_owner;
drop policy if exists erase on programme_rights_accessrequest;
create policy erase on programme_rights_accessrequest for all to prog_erase_owner using (true) with check (true);

revoke all on programme_rights_complaint from prog_erase_owner;
grant delete, select on programme_rights_complaint to prog_erase_owner;
drop policy if exists erase on programme_rights_complaint;
create policy erase on programme_rights_complaint for all to prog_erase_owner using (true) with check (true);

revoke all on programme_rights_personstatement from prog_erase_owner;
grant delete, select on programme_rights_personstatement to prog_erase_owner;
drop policy if exists erase on programme_rights_personstatement;
create policy erase on programme_rights_personstatement for all to prog_erase_owner using (true) with check (true);

revoke all on programme_rights_restriction from prog_erase_owner;
grant delete, select, update on programme_rights_restriction to prog_erase_owner;
drop policy if exists erase on programme_rights_restriction;
create policy erase on programme_rights_restriction for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_commission from prog_erase_owner;
grant delete, select on programme_risk_commission to prog_erase_owner;
drop policy if exists erase on programme_risk_commission;
create policy erase on programme_risk_commission for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_raisedresult from prog_erase_owner;
grant delete, select on programme_risk_raisedresult to prog_erase_owner;
drop policy if exists erase on programme_risk_raisedresult;
create policy erase on programme_risk_raisedresult for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_reportfeedback from prog_erase_owner;
grant delete, select, update on programme_risk_reportfeedback to prog_erase_owner;
drop policy if exists erase on programme_risk_reportfeedback;
create policy erase on programme_risk_reportfeedback for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_riskassessment from prog_erase_owner;
grant delete, select on programme_risk_riskassessment to prog_erase_owner;
drop policy if exists erase on programme_risk_riskassessment;
create policy erase on programme_risk_riskassessment for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_riskevidence from prog_erase_owner;
grant delete, select on programme_risk_riskevidence to prog_erase_owner;
drop policy if exists erase on programme_risk_riskevidence;
create policy erase on programme_risk_riskevidence for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_riskrating from prog_erase_owner;
grant delete, select on programme_risk_riskrating to prog_erase_owner;
drop policy if exists erase on programme_risk_riskrating;
create policy erase on programme_risk_riskrating for all to prog_erase_owner using (true) with check (true);

revoke all on programme_risk_risksource from prog_erase_owner;
grant delete, select on programme_risk_risksource to prog_erase_owner;
drop policy if exists erase on programme_risk_risksource;
create policy erase on programme_risk_risksource for all to prog_erase_owner using (true) with check (true);

grant usage on schema public to prog_erase_owner;
grant create, usage on schema app to prog_erase_owner;
grant execute on function app.worker(), app.my_compartments(), app.is_system() to prog_erase_owner;
set role prog_erase_owner;

drop function if exists app.erase_case(uuid);
create function app.erase_case(the_file uuid) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    all_gone uuid[] := '{}';
    the_person uuid;
begin
    select client_id into the_person from public.programme_cases_case where id = the_file;
    update public.programme_cases_assessment set replaces_id = null where replaces_id in (select id from public.programme_cases_assessment where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_cases_stagemove set corrects_id = null where corrects_id in (select id from public.programme_cases_stagemove where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_groups_attendance set makes_up_for_id = null where makes_up_for_id in (select id from public.programme_groups_session where case_id = the_file) and (case_id = the_file or session_id in (select id from public.programme_groups_session where case_id = the_file)) is not true;
    update public.programme_groups_groupmember set makes_up_for_id = null where makes_up_for_id in (select id from public.programme_groups_session where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_groups_session set makes_up_for_id = null where makes_up_for_id in (select id from public.programme_groups_session where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_incidents_incident set corrects_id = null where corrects_id in (select id from public.programme_incidents_incident where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_notes_note set task_id = null where task_id in (select id from public.programme_cases_task where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_reports_document set replaces_id = null where replaces_id in (select id from public.programme_reports_document where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_rights_restriction set request_id = null where request_id in (select id from public.programme_rights_accessrequest where case_id = the_file) and (case_id = the_file) is not true;
    update public.programme_risk_reportfeedback set commission_id = null where commission_id in (select id from public.programme_risk_commission where case_id = the_file) and (case_id = the_file) is not true;
    with rows as (delete from public.programme_access_outofturn where file = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_agreements_agreement where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_agreements_release where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_assessments_eligibilityanswer where case_id = the_file or check_made_id in (select id from public.programme_assessments_eligibilitycheck where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_assessments_eligibilitycheck where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_assessment where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_contactattempt where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_declaredpartner where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_stagemove where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_statement where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_task where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_act where case_id = the_file or course_id in (select id from public.programme_courses_course where case_id = the_file) or session_id in (select id from public.programme_groups_session where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_criterionrating where case_id = the_file or review_id in (select id from public.programme_courses_completionreview where case_id = the_file or course_id in (select id from public.programme_courses_course where case_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_completionreview where case_id = the_file or course_id in (select id from public.programme_courses_course where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_coursechange where case_id = the_file or course_id in (select id from public.programme_courses_course where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_followup where case_id = the_file or course_id in (select id from public.programme_courses_course where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_courses_course where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_attendance where case_id = the_file or session_id in (select id from public.programme_groups_session where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_availability where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_groupmember where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_nonassociation where one_id = the_file or other_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_visitor where session_id in (select id from public.programme_groups_session where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_groups_session where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_askedspan where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_courtday where case_id = the_file or proceeding_id in (select id from public.programme_incidents_proceeding where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_custodyspan where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_incidentreview where case_id = the_file or incident_id in (select id from public.programme_incidents_incident where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_incident where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_incidents_proceeding where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_measuring_earlieranswer where case_id = the_file or answer_id in (select id from public.programme_measuring_measureanswer where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_raisedresult where case_id = the_file or answer_id in (select id from public.programme_measuring_measureanswer where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_measuring_measureanswer where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_circumstances where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_declaredchild where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_familystatement where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_need where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_onwardreferral where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_safeguardingreferral where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_needs_violencehistory where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_notes_correction where case_id = the_file or note_id in (select id from public.programme_notes_note where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_notes_earliernote where case_id = the_file or note_id in (select id from public.programme_notes_note where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_notes_note where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_reports_issuedfile where document_id in (select id from public.programme_reports_document where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_reports_recipienttold where document_id in (select id from public.programme_reports_document where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_reports_document where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_rights_accessitem where case_id = the_file or record_id = the_file or request_id in (select id from public.programme_rights_accessrequest where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_rights_personstatement where case_id = the_file or request_id in (select id from public.programme_rights_accessrequest where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_rights_accessrequest where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_rights_complaint where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_rights_restriction where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_commission where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_reportfeedback where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_riskrating where case_id = the_file or assessment_id in (select id from public.programme_risk_riskassessment where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_risksource where case_id = the_file or assessment_id in (select id from public.programme_risk_riskassessment where case_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_riskassessment where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_risk_riskevidence where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_retention_legalhold where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.programme_cases_case where id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    if not exists (select from public.programme_cases_case where client_id = the_person) then
        with rows as (delete from public.programme_access_exclusion where person = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        with rows as (delete from public.programme_cases_clienttoken where client_id = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        with rows as (delete from public.programme_cases_client where id = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    end if;
    return all_gone;
end $$;
revoke execute on function app.erase_case(uuid) from public;
grant execute on function app.erase_case(uuid) to prog_owner;

drop function if exists app.carry_out(uuid);
create function app.carry_out(deletion uuid) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    the_row record;
    all_gone uuid[];
begin
    select * into the_row from public.programme_retention_deletion where id = deletion for update;
    if the_row.id is null or the_row.file_id is null or the_row.done_at is not null
        or the_row.refused_at is not null
        or the_row.approved_by is null or the_row.approved_by = the_row.decided_by
        or the_row.approved_by is distinct from app.worker()
        or not the_row.compartment = any (app.my_compartments()) then
        raise exception 'this deletion was not decided by two people' using errcode = '42501';
    end if;
    if exists (select from public.programme_retention_legalhold where file_id = the_row.file_id and lifted_at is null) then
        raise exception 'this file is held' using errcode = '42501';
    end if;
    if the_row.kind = 'case' and not exists (select from public.programme_cases_case where id = the_row.file_id and compartment = the_row.compartment) then
        raise exception 'no such file' using errcode = '42501';
    end if;
    all_gone := case the_row.kind
        when 'case' then app.erase_case(the_row.file_id) end;
    update public.programme_retention_deletion set file_id = null, done_at = clock_timestamp() where id = deletion;
    return all_gone;
end $$;
revoke execute on function app.carry_out(uuid) from public;
grant execute on function app.carry_out(uuid) to prog_app;

reset role;
revoke create on schema app from prog_erase_owner;
