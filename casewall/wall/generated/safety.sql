-- The safety cluster. Made from casewall/wall; do not edit.
create schema if not exists app;
create schema if not exists priv;
create schema if not exists flow;
revoke all on schema app, priv, flow from public;
revoke create on schema public from public;
grant usage on schema public to safe_app, safe_report, safe_door_owner;

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
grant usage on schema app to safe_app;
grant execute on function app.worker(), app.my_compartments(), app.is_system() to safe_app;

-- safety_access_exclusion
revoke all on safety_access_exclusion from safe_app, safe_report;
grant select, insert, update on safety_access_exclusion to safe_app;
alter table safety_access_exclusion enable row level security;
alter table safety_access_exclusion force row level security;
drop policy if exists wall on safety_access_exclusion;
create policy wall on safety_access_exclusion for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, person, worker, why, declared, begun_at, begun_by, ended_at, ended_by) on safety_access_exclusion to safe_report;
drop policy if exists report on safety_access_exclusion;
create policy report on safety_access_exclusion for select to safe_report using (true);

-- safety_access_outofturn
revoke all on safety_access_outofturn from safe_app, safe_report;
grant select, insert, update on safety_access_outofturn to safe_app;
alter table safety_access_outofturn enable row level security;
alter table safety_access_outofturn force row level security;
drop policy if exists wall on safety_access_outofturn;
create policy wall on safety_access_outofturn for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, file, worker, opened_at, until, handed_back_at, verdict, decided_at, decided_by, version) on safety_access_outofturn to safe_report;
drop policy if exists report on safety_access_outofturn;
create policy report on safety_access_outofturn for select to safe_report using (true);

-- safety_asking_answeredpage
revoke all on safety_asking_answeredpage from safe_app, safe_report;
grant select, insert on safety_asking_answeredpage to safe_app;
alter table safety_asking_answeredpage enable row level security;
alter table safety_asking_answeredpage force row level security;
drop policy if exists wall on safety_asking_answeredpage;
create policy wall on safety_asking_answeredpage for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, asking_id, page, measure, measure_version, language, translation_version, answered_at, scale) on safety_asking_answeredpage to safe_report;
drop policy if exists report on safety_asking_answeredpage;
create policy report on safety_asking_answeredpage for select to safe_report using (true);

-- safety_asking_asking
revoke all on safety_asking_asking from safe_app, safe_report;
grant select, insert, update on safety_asking_asking to safe_app;
alter table safety_asking_asking enable row level security;
alter table safety_asking_asking force row level security;
drop policy if exists wall on safety_asking_asking;
create policy wall on safety_asking_asking for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, slot_id, wave, device, made_at, worker, closed_at, closed_by) on safety_asking_asking to safe_report;
drop policy if exists report on safety_asking_asking;
create policy report on safety_asking_asking for select to safe_report using (true);

-- safety_asking_slot
revoke all on safety_asking_slot from safe_app, safe_report;
grant select, insert, update on safety_asking_slot to safe_app;
alter table safety_asking_slot enable row level security;
alter table safety_asking_slot force row level security;
drop policy if exists wall on safety_asking_slot;
create policy wall on safety_asking_slot for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, form, language, next_page, state, ends_at, touched_at) on safety_asking_slot to safe_report;
drop policy if exists report on safety_asking_slot;
create policy report on safety_asking_slot for select to safe_report using (true);

-- safety_bookings_booking
revoke all on safety_bookings_booking from safe_app, safe_report;
grant select, insert, update on safety_bookings_booking to safe_app;
alter table safety_bookings_booking enable row level security;
alter table safety_bookings_booking force row level security;
drop policy if exists wall on safety_bookings_booking;
create policy wall on safety_bookings_booking for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child_id, child_group_id, service, kind, channel, place, room_id, worker, starts_at, minutes, state, moved_from, booked_by, version) on safety_bookings_booking to safe_report;
drop policy if exists report on safety_bookings_booking;
create policy report on safety_bookings_booking for select to safe_report using (true);

-- safety_bookings_bookingplace
revoke all on safety_bookings_bookingplace from safe_app, safe_report;
grant select, insert, update on safety_bookings_bookingplace to safe_app;
alter table safety_bookings_bookingplace enable row level security;
alter table safety_bookings_bookingplace force row level security;
drop policy if exists wall on safety_bookings_bookingplace;
create policy wall on safety_bookings_bookingplace for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, booking_id, file_id, ended_on) on safety_bookings_bookingplace to safe_report;
drop policy if exists report on safety_bookings_bookingplace;
create policy report on safety_bookings_bookingplace for select to safe_report using (true);

-- safety_bookings_room
revoke all on safety_bookings_room from safe_app, safe_report;
grant select, insert, update on safety_bookings_room to safe_app;
alter table safety_bookings_room enable row level security;
alter table safety_bookings_room force row level security;
drop policy if exists wall on safety_bookings_room;
create policy wall on safety_bookings_room for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, closed_on, version) on safety_bookings_room to safe_report;
drop policy if exists report on safety_bookings_room;
create policy report on safety_bookings_room for select to safe_report using (true);

-- safety_children_arrangement
revoke all on safety_children_arrangement from safe_app, safe_report;
grant select, insert on safety_children_arrangement to safe_app;
alter table safety_children_arrangement enable row level security;
alter table safety_children_arrangement force row level security;
drop policy if exists wall on safety_children_arrangement;
create policy wall on safety_children_arrangement for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, adult_id, of, answer, since, recorded_at, worker) on safety_children_arrangement to safe_report;
drop policy if exists report on safety_children_arrangement;
create policy report on safety_children_arrangement for select to safe_report using (true);

-- safety_children_child
revoke all on safety_children_child from safe_app, safe_report;
grant select, insert, update on safety_children_child to safe_app;
alter table safety_children_child enable row level security;
alter table safety_children_child force row level security;
drop policy if exists wall on safety_children_child;
create policy wall on safety_children_child for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, sex, language, needs, service, recorded_on, worker, same_as_id, version) on safety_children_child to safe_report;
drop policy if exists report on safety_children_child;
create policy report on safety_children_child for select to safe_report using (true);

-- safety_children_childadult
revoke all on safety_children_childadult from safe_app, safe_report;
grant select, insert, update on safety_children_childadult to safe_app;
alter table safety_children_childadult enable row level security;
alter table safety_children_childadult force row level security;
drop policy if exists wall on safety_children_childadult;
create policy wall on safety_children_childadult for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, kind, file_id, case_id, relationship, statement_id, on_file_id, linked_on, ended_on, worker, version) on safety_children_childadult to safe_report;
drop policy if exists report on safety_children_childadult;
create policy report on safety_children_childadult for select to safe_report using (true);

-- safety_children_childattendance
revoke all on safety_children_childattendance from safe_app, safe_report;
grant select, insert on safety_children_childattendance to safe_app;
alter table safety_children_childattendance enable row level security;
alter table safety_children_childattendance force row level security;
drop policy if exists wall on safety_children_childattendance;
create policy wall on safety_children_childattendance for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, support_id, session_id, came) on safety_children_childattendance to safe_report;
drop policy if exists report on safety_children_childattendance;
create policy report on safety_children_childattendance for select to safe_report using (true);

-- safety_children_childconsent
revoke all on safety_children_childconsent from safe_app, safe_report;
grant select, insert on safety_children_childconsent to safe_app;
alter table safety_children_childconsent enable row level security;
alter table safety_children_childconsent force row level security;
drop policy if exists wall on safety_children_childconsent;
create policy wall on safety_children_childconsent for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, support_id, by, adult_id, said, said_on, recorded_at, worker) on safety_children_childconsent to safe_report;
drop policy if exists report on safety_children_childconsent;
create policy report on safety_children_childconsent for select to safe_report using (true);

-- safety_children_childgoal
revoke all on safety_children_childgoal from safe_app, safe_report;
grant select, insert, update on safety_children_childgoal to safe_app;
alter table safety_children_childgoal enable row level security;
alter table safety_children_childgoal force row level security;
drop policy if exists wall on safety_children_childgoal;
create policy wall on safety_children_childgoal for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, support_id, set_on, state, state_on, worker, version) on safety_children_childgoal to safe_report;
drop policy if exists report on safety_children_childgoal;
create policy report on safety_children_childgoal for select to safe_report using (true);

-- safety_children_childgroup
revoke all on safety_children_childgroup from safe_app, safe_report;
grant select, insert, update on safety_children_childgroup to safe_app;
alter table safety_children_childgroup enable row level security;
alter table safety_children_childgroup force row level security;
drop policy if exists wall on safety_children_childgroup;
create policy wall on safety_children_childgroup for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, begins_on, ended_on, worker) on safety_children_childgroup to safe_report;
drop policy if exists report on safety_children_childgroup;
create policy report on safety_children_childgroup for select to safe_report using (true);

-- safety_children_childsafeguarding
revoke all on safety_children_childsafeguarding from safe_app, safe_report;
grant select, insert, update on safety_children_childsafeguarding to safe_app;
alter table safety_children_childsafeguarding enable row level security;
alter table safety_children_childsafeguarding force row level security;
drop policy if exists wall on safety_children_childsafeguarding;
create policy wall on safety_children_childsafeguarding for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, on_file_id, concern, threshold, made_on, consented, told, outcome, outcome_on, ask_on, worker, version) on safety_children_childsafeguarding to safe_report;
drop policy if exists report on safety_children_childsafeguarding;
create policy report on safety_children_childsafeguarding for select to safe_report using (true);

-- safety_children_childsession
revoke all on safety_children_childsession from safe_app, safe_report;
grant select, insert on safety_children_childsession to safe_app;
alter table safety_children_childsession enable row level security;
alter table safety_children_childsession force row level security;
drop policy if exists wall on safety_children_childsession;
create policy wall on safety_children_childsession for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, group_id, held_on, minutes, worker) on safety_children_childsession to safe_report;
drop policy if exists report on safety_children_childsession;
create policy report on safety_children_childsession for select to safe_report using (true);

-- safety_children_childsupport
revoke all on safety_children_childsupport from safe_app, safe_report;
grant select, insert, update on safety_children_childsupport to safe_app;
alter table safety_children_childsupport enable row level security;
alter table safety_children_childsupport force row level security;
drop policy if exists wall on safety_children_childsupport;
create policy wall on safety_children_childsupport for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, service, asked_on, worker, began_on, ended_on, end_reason, version) on safety_children_childsupport to safe_report;
drop policy if exists report on safety_children_childsupport;
create policy report on safety_children_childsupport for select to safe_report using (true);

-- safety_children_childtoken
revoke all on safety_children_childtoken from safe_app, safe_report;
grant select, insert, delete on safety_children_childtoken to safe_app;
alter table safety_children_childtoken enable row level security;
alter table safety_children_childtoken force row level security;
drop policy if exists wall on safety_children_childtoken;
create policy wall on safety_children_childtoken for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, kind) on safety_children_childtoken to safe_report;
drop policy if exists report on safety_children_childtoken;
create policy report on safety_children_childtoken for select to safe_report using (true);

-- safety_children_filechildren
revoke all on safety_children_filechildren from safe_app, safe_report;
grant select, insert on safety_children_filechildren to safe_app;
alter table safety_children_filechildren enable row level security;
alter table safety_children_filechildren force row level security;
drop policy if exists wall on safety_children_filechildren;
create policy wall on safety_children_filechildren for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, answer, asked_on, recorded_at, worker) on safety_children_filechildren to safe_report;
drop policy if exists report on safety_children_filechildren;
create policy report on safety_children_filechildren for select to safe_report using (true);

-- safety_children_groupchild
revoke all on safety_children_groupchild from safe_app, safe_report;
grant select, insert, update on safety_children_groupchild to safe_app;
alter table safety_children_groupchild enable row level security;
alter table safety_children_groupchild force row level security;
drop policy if exists wall on safety_children_groupchild;
create policy wall on safety_children_groupchild for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, support_id, group_id, joined_on, left_on) on safety_children_groupchild to safe_report;
drop policy if exists report on safety_children_groupchild;
create policy report on safety_children_groupchild for select to safe_report using (true);

-- safety_children_planstatus
revoke all on safety_children_planstatus from safe_app, safe_report;
grant select, insert on safety_children_planstatus to safe_app;
alter table safety_children_planstatus enable row level security;
alter table safety_children_planstatus force row level security;
drop policy if exists wall on safety_children_planstatus;
create policy wall on safety_children_planstatus for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, child_id, plan, since, recorded_at, worker) on safety_children_planstatus to safe_report;
drop policy if exists report on safety_children_planstatus;
create policy report on safety_children_planstatus for select to safe_report using (true);

-- safety_conferences_conference
revoke all on safety_conferences_conference from safe_app, safe_report;
grant select, insert, update on safety_conferences_conference to safe_app;
alter table safety_conferences_conference enable row level security;
alter table safety_conferences_conference force row level security;
drop policy if exists wall on safety_conferences_conference;
create policy wall on safety_conferences_conference for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, held_at, worker, version) on safety_conferences_conference to safe_report;
drop policy if exists report on safety_conferences_conference;
create policy report on safety_conferences_conference for select to safe_report using (true);

-- safety_conferences_conferenceaction
revoke all on safety_conferences_conferenceaction from safe_app, safe_report;
grant select, insert, update on safety_conferences_conferenceaction to safe_app;
alter table safety_conferences_conferenceaction enable row level security;
alter table safety_conferences_conferenceaction force row level security;
drop policy if exists wall on safety_conferences_conferenceaction;
create policy wall on safety_conferences_conferenceaction for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, owner, due_on, done_on, dropped, worker, version, hearing_id) on safety_conferences_conferenceaction to safe_report;
drop policy if exists report on safety_conferences_conferenceaction;
create policy report on safety_conferences_conferenceaction for select to safe_report using (true);

-- safety_conferences_conferencereferral
revoke all on safety_conferences_conferencereferral from safe_app, safe_report;
grant select, insert, update on safety_conferences_conferencereferral to safe_app;
alter table safety_conferences_conferencereferral enable row level security;
alter table safety_conferences_conferencereferral force row level security;
drop policy if exists wall on safety_conferences_conferencereferral;
create policy wall on safety_conferences_conferencereferral for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, state, criteria, ticks, honour, referred_by, consent, consent_on, ground, children, high_risk, sex, lgbt, minority, disabled, sent_at, sent_by, withdrawn_on, begun_on, worker, version) on safety_conferences_conferencereferral to safe_report;
drop policy if exists report on safety_conferences_conferencereferral;
create policy report on safety_conferences_conferencereferral for select to safe_report using (true);

-- safety_conferences_harmscore
revoke all on safety_conferences_harmscore from safe_app, safe_report;
grant select, insert on safety_conferences_harmscore to safe_app;
alter table safety_conferences_harmscore enable row level security;
alter table safety_conferences_harmscore force row level security;
drop policy if exists wall on safety_conferences_harmscore;
create policy wall on safety_conferences_harmscore for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, nomination_id, scored_on, last_on, incidents, gravest, victims, recency_points, frequency_points, gravity_points, victims_points, total, scores_version, scored_at, worker) on safety_conferences_harmscore to safe_report;
drop policy if exists report on safety_conferences_harmscore;
create policy report on safety_conferences_harmscore for select to safe_report using (true);

-- safety_conferences_hearing
revoke all on safety_conferences_hearing from safe_app, safe_report;
grant select, insert, update on safety_conferences_hearing to safe_app;
alter table safety_conferences_hearing enable row level security;
alter table safety_conferences_hearing force row level security;
drop policy if exists wall on safety_conferences_hearing;
create policy wall on safety_conferences_hearing for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, conference_id, referral_id, heard, heard_on, repeat, flag_until, flag_ended_on, flag_ended, worker, version) on safety_conferences_hearing to safe_report;
drop policy if exists report on safety_conferences_hearing;
create policy report on safety_conferences_hearing for select to safe_report using (true);

-- safety_conferences_nomination
revoke all on safety_conferences_nomination from safe_app, safe_report;
grant select, insert, update on safety_conferences_nomination to safe_app;
alter table safety_conferences_nomination enable row level security;
alter table safety_conferences_nomination force row level security;
drop policy if exists wall on safety_conferences_nomination;
create policy wall on safety_conferences_nomination for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, service, state, nominated_on, decided_on, review_on, discharge, discharged_on, worker, version) on safety_conferences_nomination to safe_report;
drop policy if exists report on safety_conferences_nomination;
create policy report on safety_conferences_nomination for select to safe_report using (true);

-- safety_conferences_research
revoke all on safety_conferences_research from safe_app, safe_report;
grant select, insert, update on safety_conferences_research to safe_app;
alter table safety_conferences_research enable row level security;
alter table safety_conferences_research force row level security;
drop policy if exists wall on safety_conferences_research;
create policy wall on safety_conferences_research for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, hearing_id, asked_on, due_on, answer, answered_on, worker, version) on safety_conferences_research to safe_report;
drop policy if exists report on safety_conferences_research;
create policy report on safety_conferences_research for select to safe_report using (true);

-- safety_conferences_tacticuse
revoke all on safety_conferences_tacticuse from safe_app, safe_report;
grant select, insert, update on safety_conferences_tacticuse to safe_app;
alter table safety_conferences_tacticuse enable row level security;
alter table safety_conferences_tacticuse force row level security;
drop policy if exists wall on safety_conferences_tacticuse;
create policy wall on safety_conferences_tacticuse for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, nomination_id, tactic, from_on, ended_on, worker, version) on safety_conferences_tacticuse to safe_report;
drop policy if exists report on safety_conferences_tacticuse;
create policy report on safety_conferences_tacticuse for select to safe_report using (true);

-- safety_conferences_taskingaction
revoke all on safety_conferences_taskingaction from safe_app, safe_report;
grant select, insert, update on safety_conferences_taskingaction to safe_app;
alter table safety_conferences_taskingaction enable row level security;
alter table safety_conferences_taskingaction force row level security;
drop policy if exists wall on safety_conferences_taskingaction;
create policy wall on safety_conferences_taskingaction for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, owner, due_on, done_on, dropped, worker, version, nomination_id) on safety_conferences_taskingaction to safe_report;
drop policy if exists report on safety_conferences_taskingaction;
create policy report on safety_conferences_taskingaction for select to safe_report using (true);

-- safety_conferences_taskingreview
revoke all on safety_conferences_taskingreview from safe_app, safe_report;
grant select, insert on safety_conferences_taskingreview to safe_app;
alter table safety_conferences_taskingreview enable row level security;
alter table safety_conferences_taskingreview force row level security;
drop policy if exists wall on safety_conferences_taskingreview;
create policy wall on safety_conferences_taskingreview for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, nomination_id, reviewed_on, next_on, worker) on safety_conferences_taskingreview to safe_report;
drop policy if exists report on safety_conferences_taskingreview;
create policy report on safety_conferences_taskingreview for select to safe_report using (true);

-- safety_coordination_approval
revoke all on safety_coordination_approval from safe_app, safe_report;
grant select, insert on safety_coordination_approval to safe_app;
alter table safety_coordination_approval enable row level security;
alter table safety_coordination_approval force row level security;
drop policy if exists wall on safety_coordination_approval;
create policy wall on safety_coordination_approval for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, disclosure_id, worker, role, given_at) on safety_coordination_approval to safe_report;
drop policy if exists report on safety_coordination_approval;
create policy report on safety_coordination_approval for select to safe_report using (true);

-- safety_coordination_disclosure
revoke all on safety_coordination_disclosure from safe_app, safe_report;
grant select, insert, update on safety_coordination_disclosure to safe_app;
alter table safety_coordination_disclosure enable row level security;
alter table safety_coordination_disclosure force row level security;
drop policy if exists wall on safety_coordination_disclosure;
create policy wall on safety_coordination_disclosure for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child, case_id, other_case_id, purpose, ground, other_sources, state, asked_by, asked_at, release_at, item, permission_id, in_danger, review, review_due_at, reviewed_by, reviewed_at) on safety_coordination_disclosure to safe_report;
drop policy if exists report on safety_coordination_disclosure;
create policy report on safety_coordination_disclosure for select to safe_report using (true);

-- safety_coordination_opened
revoke all on safety_coordination_opened from safe_app, safe_report;
grant select, insert, delete on safety_coordination_opened to safe_app;
alter table safety_coordination_opened enable row level security;
alter table safety_coordination_opened force row level security;
drop policy if exists wall on safety_coordination_opened;
create policy wall on safety_coordination_opened for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, worker, kind, thing_id, opened_at) on safety_coordination_opened to safe_report;
drop policy if exists report on safety_coordination_opened;
create policy report on safety_coordination_opened for select to safe_report using (true);

-- safety_coordination_partnerpermission
revoke all on safety_coordination_partnerpermission from safe_app, safe_report;
grant select, insert, update on safety_coordination_partnerpermission to safe_app;
alter table safety_coordination_partnerpermission enable row level security;
alter table safety_coordination_partnerpermission force row level security;
drop policy if exists wall on safety_coordination_partnerpermission;
create policy wall on safety_coordination_partnerpermission for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, purpose, given_on, worker, revoked_on, revoked_by) on safety_coordination_partnerpermission to safe_report;
drop policy if exists report on safety_coordination_partnerpermission;
create policy report on safety_coordination_partnerpermission for select to safe_report using (true);

-- safety_costs_costline
revoke all on safety_costs_costline from safe_app, safe_report;
grant select, insert on safety_costs_costline to safe_app;
alter table safety_costs_costline enable row level security;
alter table safety_costs_costline force row level security;
drop policy if exists wall on safety_costs_costline;
create policy wall on safety_costs_costline for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, amount, currency, first_on, last_on, replaces_id, struck, entered_by, entered_at, category, price_year, included) on safety_costs_costline to safe_report;
drop policy if exists report on safety_costs_costline;
create policy report on safety_costs_costline for select to safe_report using (true);

-- safety_costs_fundingcontract
revoke all on safety_costs_fundingcontract from safe_app, safe_report;
grant select, insert on safety_costs_fundingcontract to safe_app;
alter table safety_costs_fundingcontract enable row level security;
alter table safety_costs_fundingcontract force row level security;
drop policy if exists wall on safety_costs_fundingcontract;
create policy wall on safety_costs_fundingcontract for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, amount, currency, first_on, last_on, replaces_id, struck, entered_by, entered_at, funder, area, persons) on safety_costs_fundingcontract to safe_report;
drop policy if exists report on safety_costs_fundingcontract;
create policy report on safety_costs_fundingcontract for select to safe_report using (true);

-- safety_details_detailchange
revoke all on safety_details_detailchange from safe_app, safe_report;
grant select, insert, update on safety_details_detailchange to safe_app;
alter table safety_details_detailchange enable row level security;
alter table safety_details_detailchange force row level security;
drop policy if exists wall on safety_details_detailchange;
create policy wall on safety_details_detailchange for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, detail, source, state, asked_at, asked_by, way, code_word_given, confirmed_at, confirmed_by, ended_at, ended_by, version) on safety_details_detailchange to safe_report;
drop policy if exists report on safety_details_detailchange;
create policy report on safety_details_detailchange for select to safe_report using (true);

-- safety_details_formerdetail
revoke all on safety_details_formerdetail from safe_app, safe_report;
grant select, insert on safety_details_formerdetail to safe_app;
alter table safety_details_formerdetail enable row level security;
alter table safety_details_formerdetail force row level security;
drop policy if exists wall on safety_details_formerdetail;
create policy wall on safety_details_formerdetail for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, detail, held_until, change_id) on safety_details_formerdetail to safe_report;
drop policy if exists report on safety_details_formerdetail;
create policy report on safety_details_formerdetail for select to safe_report using (true);

-- safety_incidents_authoritytold
revoke all on safety_incidents_authoritytold from safe_app, safe_report;
grant select, insert on safety_incidents_authoritytold to safe_app;
alter table safety_incidents_authoritytold enable row level security;
alter table safety_incidents_authoritytold force row level security;
drop policy if exists wall on safety_incidents_authoritytold;
create policy wall on safety_incidents_authoritytold for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, report_id, authority, told_at, consented, ground, worker) on safety_incidents_authoritytold to safe_report;
drop policy if exists report on safety_incidents_authoritytold;
create policy report on safety_incidents_authoritytold for select to safe_report using (true);

-- safety_incidents_childincident
revoke all on safety_incidents_childincident from safe_app, safe_report;
grant select, insert on safety_incidents_childincident to safe_app;
alter table safety_incidents_childincident enable row level security;
alter table safety_incidents_childincident force row level security;
drop policy if exists wall on safety_incidents_childincident;
create policy wall on safety_incidents_childincident for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, forms, signs, severity, source, happened_on, exact, told_on, recorded_at, worker, corrects_id, taken_back, child_id) on safety_incidents_childincident to safe_report;
drop policy if exists report on safety_incidents_childincident;
create policy report on safety_incidents_childincident for select to safe_report using (true);

-- safety_incidents_fileasked
revoke all on safety_incidents_fileasked from safe_app, safe_report;
grant select, insert on safety_incidents_fileasked to safe_app;
alter table safety_incidents_fileasked enable row level security;
alter table safety_incidents_fileasked force row level security;
drop policy if exists wall on safety_incidents_fileasked;
create policy wall on safety_incidents_fileasked for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source, first_on, last_on, recorded_at, worker, file_id) on safety_incidents_fileasked to safe_report;
drop policy if exists report on safety_incidents_fileasked;
create policy report on safety_incidents_fileasked for select to safe_report using (true);

-- safety_incidents_filecourtday
revoke all on safety_incidents_filecourtday from safe_app, safe_report;
grant select, insert, update on safety_incidents_filecourtday to safe_app;
alter table safety_incidents_filecourtday enable row level security;
alter table safety_incidents_filecourtday force row level security;
drop policy if exists wall on safety_incidents_filecourtday;
create policy wall on safety_incidents_filecourtday for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, held_on, at_time, outcome, source, worker, version, file_id, proceeding_id) on safety_incidents_filecourtday to safe_report;
drop policy if exists report on safety_incidents_filecourtday;
create policy report on safety_incidents_filecourtday for select to safe_report using (true);

-- safety_incidents_fileproceeding
revoke all on safety_incidents_fileproceeding from safe_app, safe_report;
grant select, insert, update on safety_incidents_fileproceeding to safe_app;
alter table safety_incidents_fileproceeding enable row level security;
alter table safety_incidents_fileproceeding force row level security;
drop policy if exists wall on safety_incidents_fileproceeding;
create policy wall on safety_incidents_fileproceeding for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, began_on, until_on, ended_on, ended_how, source, stated_on, worker, version, file_id) on safety_incidents_fileproceeding to safe_report;
drop policy if exists report on safety_incidents_fileproceeding;
create policy report on safety_incidents_fileproceeding for select to safe_report using (true);

-- safety_incidents_sufferedincident
revoke all on safety_incidents_sufferedincident from safe_app, safe_report;
grant select, insert on safety_incidents_sufferedincident to safe_app;
alter table safety_incidents_sufferedincident enable row level security;
alter table safety_incidents_sufferedincident force row level security;
drop policy if exists wall on safety_incidents_sufferedincident;
create policy wall on safety_incidents_sufferedincident for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, forms, signs, severity, source, happened_on, exact, told_on, recorded_at, worker, corrects_id, taken_back, file_id, suffered_by) on safety_incidents_sufferedincident to safe_report;
drop policy if exists report on safety_incidents_sufferedincident;
create policy report on safety_incidents_sufferedincident for select to safe_report using (true);

-- safety_incidents_trytotell
revoke all on safety_incidents_trytotell from safe_app, safe_report;
grant select, insert on safety_incidents_trytotell to safe_app;
alter table safety_incidents_trytotell enable row level security;
alter table safety_incidents_trytotell force row level security;
drop policy if exists wall on safety_incidents_trytotell;
create policy wall on safety_incidents_trytotell for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, report_id, tried_at, channel, outcome, confirmed_safe, worker) on safety_incidents_trytotell to safe_report;
drop policy if exists report on safety_incidents_trytotell;
create policy report on safety_incidents_trytotell for select to safe_report using (true);

-- safety_incidents_violencereport
revoke all on safety_incidents_violencereport from safe_app, safe_report;
grant select, insert, update on safety_incidents_violencereport to safe_app;
alter table safety_incidents_violencereport enable row level security;
alter table safety_incidents_violencereport force row level security;
drop policy if exists wall on safety_incidents_violencereport;
create policy wall on safety_incidents_violencereport for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, incident_id, origin, danger, consent, consent_on, ground, ground_on, ground_by, step, due_on, ended_because, ended_on, begun_on, worker, version) on safety_incidents_violencereport to safe_report;
drop policy if exists report on safety_incidents_violencereport;
create policy report on safety_incidents_violencereport for select to safe_report using (true);

-- safety_intake_doorentry
revoke all on safety_intake_doorentry from safe_app, safe_report;
grant select, update (applied_on, outcome, sealed) on safety_intake_doorentry to safe_app;
alter table safety_intake_doorentry enable row level security;
alter table safety_intake_doorentry force row level security;
drop policy if exists wall on safety_intake_doorentry;
create policy wall on safety_intake_doorentry for all to safe_app
    using ((select app.is_system()))
    with check ((select app.is_system()));

-- safety_intake_headermapping
revoke all on safety_intake_headermapping from safe_app, safe_report;
grant select, insert, update on safety_intake_headermapping to safe_app;
alter table safety_intake_headermapping enable row level security;
alter table safety_intake_headermapping force row level security;
drop policy if exists wall on safety_intake_headermapping;
create policy wall on safety_intake_headermapping for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service) on safety_intake_headermapping to safe_report;
drop policy if exists report on safety_intake_headermapping;
create policy report on safety_intake_headermapping for select to safe_report using (true);

-- safety_intake_intakereferral
revoke all on safety_intake_intakereferral from safe_app, safe_report;
grant select, insert, update on safety_intake_intakereferral to safe_app;
alter table safety_intake_intakereferral enable row level security;
alter table safety_intake_intakereferral force row level security;
drop policy if exists wall on safety_intake_intakereferral;
create policy wall on safety_intake_intakereferral for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, row, service, route, received_on, children, client_item, partner_file_id, withdrawn_on) on safety_intake_intakereferral to safe_report;
drop policy if exists report on safety_intake_intakereferral;
create policy report on safety_intake_intakereferral for select to safe_report using (true);

-- safety_intake_outboxitem
revoke all on safety_intake_outboxitem from safe_app, safe_report;
grant select, insert, update on safety_intake_outboxitem to safe_app;
alter table safety_intake_outboxitem enable row level security;
alter table safety_intake_outboxitem force row level security;
drop policy if exists wall on safety_intake_outboxitem;
create policy wall on safety_intake_outboxitem for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, made_at, sent_at) on safety_intake_outboxitem to safe_report;
drop policy if exists report on safety_intake_outboxitem;
create policy report on safety_intake_outboxitem for select to safe_report using (true);

-- safety_intake_referralfile
revoke all on safety_intake_referralfile from safe_app, safe_report;
grant select, insert, update on safety_intake_referralfile to safe_app;
alter table safety_intake_referralfile enable row level security;
alter table safety_intake_referralfile force row level security;
drop policy if exists wall on safety_intake_referralfile;
create policy wall on safety_intake_referralfile for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, sha256, loaded_at, loaded_by, rows, loaded_rows, refused_rows, known_rows, undone_at) on safety_intake_referralfile to safe_report;
drop policy if exists report on safety_intake_referralfile;
create policy report on safety_intake_referralfile for select to safe_report using (true);

-- safety_intake_referrermessage
revoke all on safety_intake_referrermessage from safe_app, safe_report;
grant select, insert, update on safety_intake_referrermessage to safe_app;
alter table safety_intake_referrermessage enable row level security;
alter table safety_intake_referrermessage force row level security;
drop policy if exists wall on safety_intake_referrermessage;
create policy wall on safety_intake_referrermessage for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, reference, may_read, received_on, received_at, state, settled_by, settled_at, told_at) on safety_intake_referrermessage to safe_report;
drop policy if exists report on safety_intake_referrermessage;
create policy report on safety_intake_referrermessage for select to safe_report using (true);

-- safety_meetings_agendaitem
revoke all on safety_meetings_agendaitem from safe_app, safe_report;
grant select, insert, update on safety_meetings_agendaitem to safe_app;
alter table safety_meetings_agendaitem enable row level security;
alter table safety_meetings_agendaitem force row level security;
drop policy if exists wall on safety_meetings_agendaitem;
create policy wall on safety_meetings_agendaitem for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, meeting_id, file_id, case_id, reasons, level, place, is_off, decided_at, worker, version) on safety_meetings_agendaitem to safe_report;
drop policy if exists report on safety_meetings_agendaitem;
create policy report on safety_meetings_agendaitem for select to safe_report using (true);

-- safety_meetings_attendee
revoke all on safety_meetings_attendee from safe_app, safe_report;
grant select, insert, update on safety_meetings_attendee to safe_app;
alter table safety_meetings_attendee enable row level security;
alter table safety_meetings_attendee force row level security;
drop policy if exists wall on safety_meetings_attendee;
create policy wall on safety_meetings_attendee for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, meeting_id, presence, worker, version) on safety_meetings_attendee to safe_report;
drop policy if exists report on safety_meetings_attendee;
create policy report on safety_meetings_attendee for select to safe_report using (true);

-- safety_meetings_extract
revoke all on safety_meetings_extract from safe_app, safe_report;
grant select, insert on safety_meetings_extract to safe_app;
alter table safety_meetings_extract enable row level security;
alter table safety_meetings_extract force row level security;
drop policy if exists wall on safety_meetings_extract;
create policy wall on safety_meetings_extract for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, meeting_id, item_id, whom, child_id, case_id, written_at, worker) on safety_meetings_extract to safe_report;
drop policy if exists report on safety_meetings_extract;
create policy report on safety_meetings_extract for select to safe_report using (true);

-- safety_meetings_meeting
revoke all on safety_meetings_meeting from safe_app, safe_report;
grant select, insert, update on safety_meetings_meeting to safe_app;
alter table safety_meetings_meeting enable row level security;
alter table safety_meetings_meeting force row level security;
drop policy if exists wall on safety_meetings_meeting;
create policy wall on safety_meetings_meeting for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, held_at, state, since, agenda_at, closed_at, worker, version) on safety_meetings_meeting to safe_report;
drop policy if exists report on safety_meetings_meeting;
create policy report on safety_meetings_meeting for select to safe_report using (true);

-- safety_meetings_meetingaction
revoke all on safety_meetings_meetingaction from safe_app, safe_report;
grant select, insert, update on safety_meetings_meetingaction to safe_app;
alter table safety_meetings_meetingaction enable row level security;
alter table safety_meetings_meetingaction force row level security;
drop policy if exists wall on safety_meetings_meetingaction;
create policy wall on safety_meetings_meetingaction for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, owner, due_on, done_on, dropped, worker, version, meeting_id, item_id) on safety_meetings_meetingaction to safe_report;
drop policy if exists report on safety_meetings_meetingaction;
create policy report on safety_meetings_meetingaction for select to safe_report using (true);

-- safety_meetings_minutes
revoke all on safety_meetings_minutes from safe_app, safe_report;
grant select, insert on safety_meetings_minutes to safe_app;
alter table safety_meetings_minutes enable row level security;
alter table safety_meetings_minutes force row level security;
drop policy if exists wall on safety_meetings_minutes;
create policy wall on safety_meetings_minutes for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, meeting_id, number, kept_at, worker) on safety_meetings_minutes to safe_report;
drop policy if exists report on safety_meetings_minutes;
create policy report on safety_meetings_minutes for select to safe_report using (true);

-- safety_partners_earlierscaleanswer
revoke all on safety_partners_earlierscaleanswer from safe_app, safe_report;
grant select, insert on safety_partners_earlierscaleanswer to safe_app;
alter table safety_partners_earlierscaleanswer enable row level security;
alter table safety_partners_earlierscaleanswer force row level security;
drop policy if exists wall on safety_partners_earlierscaleanswer;
create policy wall on safety_partners_earlierscaleanswer for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, answer_id, why, answered_on, score, parts, band, measure_version, scorer_version, recorded_by, replaced_at, worker) on safety_partners_earlierscaleanswer to safe_report;
drop policy if exists report on safety_partners_earlierscaleanswer;
create policy report on safety_partners_earlierscaleanswer for select to safe_report using (true);

-- safety_partners_filelink
revoke all on safety_partners_filelink from safe_app, safe_report;
grant select, insert, update on safety_partners_filelink to safe_app;
alter table safety_partners_filelink enable row level security;
alter table safety_partners_filelink force row level security;
drop policy if exists wall on safety_partners_filelink;
create policy wall on safety_partners_filelink for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, case_id, origin, relation, from_on, until_on, linked_on, ended_on, worker, version) on safety_partners_filelink to safe_report;
drop policy if exists report on safety_partners_filelink;
create policy report on safety_partners_filelink for select to safe_report using (true);

-- safety_partners_partner
revoke all on safety_partners_partner from safe_app, safe_report;
grant select, insert, update on safety_partners_partner to safe_app;
alter table safety_partners_partner enable row level security;
alter table safety_partners_partner force row level security;
drop policy if exists wall on safety_partners_partner;
create policy wall on safety_partners_partner for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, sex, language, version) on safety_partners_partner to safe_report;
drop policy if exists report on safety_partners_partner;
create policy report on safety_partners_partner for select to safe_report using (true);

-- safety_partners_partnercontact
revoke all on safety_partners_partnercontact from safe_app, safe_report;
grant select, insert on safety_partners_partnercontact to safe_app;
alter table safety_partners_partnercontact enable row level security;
alter table safety_partners_partnercontact force row level security;
drop policy if exists wall on safety_partners_partnercontact;
create policy wall on safety_partners_partnercontact for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, tried_at, channel, outcome, confirmed_safe, still_safe, worker) on safety_partners_partnercontact to safe_report;
drop policy if exists report on safety_partners_partnercontact;
create policy report on safety_partners_partnercontact for select to safe_report using (true);

-- safety_partners_partnerfile
revoke all on safety_partners_partnerfile from safe_app, safe_report;
grant select, insert, update on safety_partners_partnerfile to safe_app;
alter table safety_partners_partnerfile enable row level security;
alter table safety_partners_partnerfile force row level security;
drop policy if exists wall on safety_partners_partnerfile;
create policy wall on safety_partners_partnerfile for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, partner_id, service, route, learned, referred_on, relation, contact, contact_by, worker, next_action, next_action_on, last_contact_on, support_until, closed_on, reopened_on, withdrawn_on, version) on safety_partners_partnerfile to safe_report;
drop policy if exists report on safety_partners_partnerfile;
create policy report on safety_partners_partnerfile for select to safe_report using (true);

-- safety_partners_partnertask
revoke all on safety_partners_partnertask from safe_app, safe_report;
grant select, insert, update on safety_partners_partnertask to safe_app;
alter table safety_partners_partnertask enable row level security;
alter table safety_partners_partnertask force row level security;
drop policy if exists wall on safety_partners_partnertask;
create policy wall on safety_partners_partnertask for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, case_id, fact_id, kind, due_on, due_at, about_on, as_of, done_on, done_by) on safety_partners_partnertask to safe_report;
drop policy if exists report on safety_partners_partnertask;
create policy report on safety_partners_partnertask for select to safe_report using (true);

-- safety_partners_partnertoken
revoke all on safety_partners_partnertoken from safe_app, safe_report;
grant select, insert, delete on safety_partners_partnertoken to safe_app;
alter table safety_partners_partnertoken enable row level security;
alter table safety_partners_partnertoken force row level security;
drop policy if exists wall on safety_partners_partnertoken;
create policy wall on safety_partners_partnertoken for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, partner_id, kind) on safety_partners_partnertoken to safe_report;
drop policy if exists report on safety_partners_partnertoken;
create policy report on safety_partners_partnertoken for select to safe_report using (true);

-- safety_partners_reveal
revoke all on safety_partners_reveal from safe_app, safe_report;
grant select, insert on safety_partners_reveal to safe_app;
alter table safety_partners_reveal enable row level security;
alter table safety_partners_reveal force row level security;
drop policy if exists wall on safety_partners_reveal;
create policy wall on safety_partners_reveal for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, looked_at, purpose, worker) on safety_partners_reveal to safe_report;
drop policy if exists report on safety_partners_reveal;
create policy report on safety_partners_reveal for select to safe_report using (true);

-- safety_partners_safecontact
revoke all on safety_partners_safecontact from safe_app, safe_report;
grant select, insert, update on safety_partners_safecontact to safe_app;
alter table safety_partners_safecontact enable row level security;
alter table safety_partners_safecontact force row level security;
drop policy if exists wall on safety_partners_safecontact;
create policy wall on safety_partners_safecontact for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, channel, is_safe, safe_for, days, from_time, to_time, voicemail, calendar, confirmed_on, review_on, worker, version) on safety_partners_safecontact to safe_report;
drop policy if exists report on safety_partners_safecontact;
create policy report on safety_partners_safecontact for select to safe_report using (true);

-- safety_partners_scaleanswer
revoke all on safety_partners_scaleanswer from safe_app, safe_report;
grant select, insert, update on safety_partners_scaleanswer to safe_app;
alter table safety_partners_scaleanswer enable row level security;
alter table safety_partners_scaleanswer force row level security;
drop policy if exists wall on safety_partners_scaleanswer;
create policy wall on safety_partners_scaleanswer for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, measure, measure_version, wave, due_on, answered_on, score, parts, coded, band, answered_items, items, scorer_version, mode, language, recall, present, not_answered, worker, version) on safety_partners_scaleanswer to safe_report;
drop policy if exists report on safety_partners_scaleanswer;
create policy report on safety_partners_scaleanswer for select to safe_report using (true);

-- safety_partners_thingtold
revoke all on safety_partners_thingtold from safe_app, safe_report;
grant select, insert on safety_partners_thingtold to safe_app;
alter table safety_partners_thingtold enable row level security;
alter table safety_partners_thingtold force row level security;
drop policy if exists wall on safety_partners_thingtold;
create policy wall on safety_partners_thingtold for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, item, told_on, list_version, contact_id, worker) on safety_partners_thingtold to safe_report;
drop policy if exists report on safety_partners_thingtold;
create policy report on safety_partners_thingtold for select to safe_report using (true);

-- safety_pulled_casetoken
revoke all on safety_pulled_casetoken from safe_app, safe_report;
grant select, insert, delete on safety_pulled_casetoken to safe_app;
alter table safety_pulled_casetoken enable row level security;
alter table safety_pulled_casetoken force row level security;
drop policy if exists wall on safety_pulled_casetoken;
create policy wall on safety_pulled_casetoken for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, kind) on safety_pulled_casetoken to safe_report;
drop policy if exists report on safety_pulled_casetoken;
create policy report on safety_pulled_casetoken for select to safe_report using (true);

-- safety_pulled_pulledappointment
revoke all on safety_pulled_pulledappointment from safe_app, safe_report;
grant select, insert, update, delete on safety_pulled_pulledappointment to safe_app;
alter table safety_pulled_pulledappointment enable row level security;
alter table safety_pulled_pulledappointment force row level security;
drop policy if exists wall on safety_pulled_pulledappointment;
create policy wall on safety_pulled_pulledappointment for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, session_id, kind, starts_at, minutes) on safety_pulled_pulledappointment to safe_report;
drop policy if exists report on safety_pulled_pulledappointment;
create policy report on safety_pulled_pulledappointment for select to safe_report using (true);

-- safety_pulled_pulledattendance
revoke all on safety_pulled_pulledattendance from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledattendance to safe_app;
alter table safety_pulled_pulledattendance enable row level security;
alter table safety_pulled_pulledattendance force row level security;
drop policy if exists wall on safety_pulled_pulledattendance;
create policy wall on safety_pulled_pulledattendance for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, held_on, outcome, minutes_planned, minutes_attended, session_version) on safety_pulled_pulledattendance to safe_report;
drop policy if exists report on safety_pulled_pulledattendance;
create policy report on safety_pulled_pulledattendance for select to safe_report using (true);

-- safety_pulled_pulledcase
revoke all on safety_pulled_pulledcase from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledcase to safe_app;
alter table safety_pulled_pulledcase enable row level security;
alter table safety_pulled_pulledcase force row level security;
drop policy if exists wall on safety_pulled_pulledcase;
create policy wall on safety_pulled_pulledcase for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, client_id, referral_id, service, route, referred_on, stage, stage_on, contact, exit_reason, sex, client_version) on safety_pulled_pulledcase to safe_report;
drop policy if exists report on safety_pulled_pulledcase;
create policy report on safety_pulled_pulledcase for select to safe_report using (true);

-- safety_pulled_pulledchild
revoke all on safety_pulled_pulledchild from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledchild to safe_app;
alter table safety_pulled_pulledchild enable row level security;
alter table safety_pulled_pulledchild force row level security;
drop policy if exists wall on safety_pulled_pulledchild;
create policy wall on safety_pulled_pulledchild for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, lives, sees_client, stated_by, stated_on) on safety_pulled_pulledchild to safe_report;
drop policy if exists report on safety_pulled_pulledchild;
create policy report on safety_pulled_pulledchild for select to safe_report using (true);

-- safety_pulled_pulledcourse
revoke all on safety_pulled_pulledcourse from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledcourse to safe_app;
alter table safety_pulled_pulledcourse enable row level security;
alter table safety_pulled_pulledcourse force row level security;
drop policy if exists wall on safety_pulled_pulledcourse;
create policy wall on safety_pulled_pulledcourse for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, level, state, began_on, ends_by, ended_on) on safety_pulled_pulledcourse to safe_report;
drop policy if exists report on safety_pulled_pulledcourse;
create policy report on safety_pulled_pulledcourse for select to safe_report using (true);

-- safety_pulled_pulleddeclaration
revoke all on safety_pulled_pulleddeclaration from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulleddeclaration to safe_app;
alter table safety_pulled_pulleddeclaration enable row level security;
alter table safety_pulled_pulleddeclaration force row level security;
drop policy if exists wall on safety_pulled_pulleddeclaration;
create policy wall on safety_pulled_pulleddeclaration for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, relation, stated_by, stated_on) on safety_pulled_pulleddeclaration to safe_report;
drop policy if exists report on safety_pulled_pulleddeclaration;
create policy report on safety_pulled_pulleddeclaration for select to safe_report using (true);

-- safety_pulled_pulledfamilystatement
revoke all on safety_pulled_pulledfamilystatement from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledfamilystatement to safe_app;
alter table safety_pulled_pulledfamilystatement enable row level security;
alter table safety_pulled_pulledfamilystatement force row level security;
drop policy if exists wall on safety_pulled_pulledfamilystatement;
create policy wall on safety_pulled_pulledfamilystatement for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, of, answer, number, stated_by, stated_on) on safety_pulled_pulledfamilystatement to safe_report;
drop policy if exists report on safety_pulled_pulledfamilystatement;
create policy report on safety_pulled_pulledfamilystatement for select to safe_report using (true);

-- safety_pulled_pulledincident
revoke all on safety_pulled_pulledincident from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledincident to safe_app;
alter table safety_pulled_pulledincident enable row level security;
alter table safety_pulled_pulledincident force row level security;
drop policy if exists wall on safety_pulled_pulledincident;
create policy wall on safety_pulled_pulledincident for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, forms, signs, severity, source, happened_on, exact, told_on, corrects_id, taken_back) on safety_pulled_pulledincident to safe_report;
drop policy if exists report on safety_pulled_pulledincident;
create policy report on safety_pulled_pulledincident for select to safe_report using (true);

-- safety_pulled_pulledproceeding
revoke all on safety_pulled_pulledproceeding from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledproceeding to safe_app;
alter table safety_pulled_pulledproceeding enable row level security;
alter table safety_pulled_pulledproceeding force row level security;
drop policy if exists wall on safety_pulled_pulledproceeding;
create policy wall on safety_pulled_pulledproceeding for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, kind, began_on, until_on, ended_on, ended_how, source) on safety_pulled_pulledproceeding to safe_report;
drop policy if exists report on safety_pulled_pulledproceeding;
create policy report on safety_pulled_pulledproceeding for select to safe_report using (true);

-- safety_pulled_pulledrisk
revoke all on safety_pulled_pulledrisk from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledrisk to safe_app;
alter table safety_pulled_pulledrisk enable row level security;
alter table safety_pulled_pulledrisk force row level security;
drop policy if exists wall on safety_pulled_pulledrisk;
create policy wall on safety_pulled_pulledrisk for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, level, state, signed_on, review_on) on safety_pulled_pulledrisk to safe_report;
drop policy if exists report on safety_pulled_pulledrisk;
create policy report on safety_pulled_pulledrisk for select to safe_report using (true);

-- safety_pulled_pulledsafeguarding
revoke all on safety_pulled_pulledsafeguarding from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledsafeguarding to safe_app;
alter table safety_pulled_pulledsafeguarding enable row level security;
alter table safety_pulled_pulledsafeguarding force row level security;
drop policy if exists wall on safety_pulled_pulledsafeguarding;
create policy wall on safety_pulled_pulledsafeguarding for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, concern, made_on, outcome, outcome_on) on safety_pulled_pulledsafeguarding to safe_report;
drop policy if exists report on safety_pulled_pulledsafeguarding;
create policy report on safety_pulled_pulledsafeguarding for select to safe_report using (true);

-- safety_pulled_pulledsuitability
revoke all on safety_pulled_pulledsuitability from safe_app, safe_report;
grant select, insert, update on safety_pulled_pulledsuitability to safe_app;
alter table safety_pulled_pulledsuitability enable row level security;
alter table safety_pulled_pulledsuitability force row level security;
drop policy if exists wall on safety_pulled_pulledsuitability;
create policy wall on safety_pulled_pulledsuitability for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, source_version, as_of, case_id, booked_for, decision, decided_on, review_on) on safety_pulled_pulledsuitability to safe_report;
drop policy if exists report on safety_pulled_pulledsuitability;
create policy report on safety_pulled_pulledsuitability for select to safe_report using (true);

-- safety_pulled_pullrun
revoke all on safety_pulled_pullrun from safe_app, safe_report;
grant select, insert on safety_pulled_pullrun to safe_app;
alter table safety_pulled_pullrun enable row level security;
alter table safety_pulled_pullrun force row level security;
drop policy if exists wall on safety_pulled_pullrun;
create policy wall on safety_pulled_pullrun for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, at, cases, changed) on safety_pulled_pullrun to safe_report;
drop policy if exists report on safety_pulled_pullrun;
create policy report on safety_pulled_pullrun for select to safe_report using (true);

-- safety_retention_deletion
revoke all on safety_retention_deletion from safe_app, safe_report;
grant select, insert, update on safety_retention_deletion to safe_app;
alter table safety_retention_deletion enable row level security;
alter table safety_retention_deletion force row level security;
drop policy if exists wall on safety_retention_deletion;
create policy wall on safety_retention_deletion for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, file_id, ground, keeps_figures, due_on, decided_by, decided_at, approved_by, approved_at, refused_by, refused_at, done_at, with_file) on safety_retention_deletion to safe_report;
drop policy if exists report on safety_retention_deletion;
create policy report on safety_retention_deletion for select to safe_report using (true);

-- safety_retention_legalhold
revoke all on safety_retention_legalhold from safe_app, safe_report;
grant select, insert, update on safety_retention_legalhold to safe_app;
alter table safety_retention_legalhold enable row level security;
alter table safety_retention_legalhold force row level security;
drop policy if exists wall on safety_retention_legalhold;
create policy wall on safety_retention_legalhold for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, file_id, ground, held_by, held_at, review_on, lifted_by, lifted_at, version) on safety_retention_legalhold to safe_report;
drop policy if exists report on safety_retention_legalhold;
create policy report on safety_retention_legalhold for select to safe_report using (true);

-- safety_retention_remainder
revoke all on safety_retention_remainder from safe_app, safe_report;
grant select, insert on safety_retention_remainder to safe_app;
alter table safety_retention_remainder enable row level security;
alter table safety_retention_remainder force row level security;
drop policy if exists wall on safety_retention_remainder;
create policy wall on safety_retention_remainder for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, referred_in, ended_in, route, outcome, reason, contacts, meetings, attended, children) on safety_retention_remainder to safe_report;
drop policy if exists report on safety_retention_remainder;
create policy report on safety_retention_remainder for select to safe_report using (true);

-- safety_rights_breach
revoke all on safety_rights_breach from safe_app, safe_report;
grant select, insert, update on safety_rights_breach to safe_app;
alter table safety_rights_breach enable row level security;
alter table safety_rights_breach force row level security;
drop policy if exists wall on safety_rights_breach;
create policy wall on safety_rights_breach for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, mishap, near_miss, happened_on, found_at, clients, partners, children, workers, reported_by, reported_at, service, from_programme, contained_at, risk, tell_authority, tell_persons, decided_at, decided_by, authority_told_at, persons_told_at, closed_on, version) on safety_rights_breach to safe_report;
drop policy if exists report on safety_rights_breach;
create policy report on safety_rights_breach for select to safe_report using (true);

-- safety_rights_complaint
revoke all on safety_rights_complaint from safe_app, safe_report;
grant select, insert, update on safety_rights_complaint to safe_app;
alter table safety_rights_complaint enable row level security;
alter table safety_rights_complaint force row level security;
drop policy if exists wall on safety_rights_complaint;
create policy wall on safety_rights_complaint for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, about, came_from, received_on, acknowledged_on, acknowledged_by, answered_on, answered_by, outcome, worker, recorded_at, version, file_id) on safety_rights_complaint to safe_report;
drop policy if exists report on safety_rights_complaint;
create policy report on safety_rights_complaint for select to safe_report using (true);

-- safety_rights_filerestriction
revoke all on safety_rights_filerestriction from safe_app, safe_report;
grant select, insert, update on safety_rights_filerestriction to safe_app;
alter table safety_rights_filerestriction enable row level security;
alter table safety_rights_filerestriction force row level security;
drop policy if exists wall on safety_rights_filerestriction;
create policy wall on safety_rights_filerestriction for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, because, from_on, worker, ended_on, ended_by, version, file_id) on safety_rights_filerestriction to safe_report;
drop policy if exists report on safety_rights_filerestriction;
create policy report on safety_rights_filerestriction for select to safe_report using (true);

-- safety_rights_filestatement
revoke all on safety_rights_filestatement from safe_app, safe_report;
grant select, insert on safety_rights_filestatement to safe_app;
alter table safety_rights_filestatement enable row level security;
alter table safety_rights_filestatement force row level security;
drop policy if exists wall on safety_rights_filestatement;
create policy wall on safety_rights_filestatement for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, stated_on, worker, recorded_at, file_id) on safety_rights_filestatement to safe_report;
drop policy if exists report on safety_rights_filestatement;
create policy report on safety_rights_filestatement for select to safe_report using (true);

-- safety_rights_rightscase
revoke all on safety_rights_rightscase from safe_app, safe_report;
grant select, insert, update on safety_rights_rightscase to safe_app;
alter table safety_rights_rightscase enable row level security;
alter table safety_rights_rightscase force row level security;
drop policy if exists wall on safety_rights_rightscase;
create policy wall on safety_rights_rightscase for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, decision, decided_on, decided_by, person, service, case_id, file_id, child_id, is_client, asked_for, received_on, how, identity, identity_on, language, state, gathered_at, extended_because, extended_on, replied_on, worker, recorded_at, source_version, version) on safety_rights_rightscase to safe_report;
drop policy if exists report on safety_rights_rightscase;
create policy report on safety_rights_rightscase for select to safe_report using (true);

-- safety_rights_rightsitem
revoke all on safety_rights_rightsitem from safe_app, safe_report;
grant select, insert, update on safety_rights_rightsitem to safe_app;
alter table safety_rights_rightsitem enable row level security;
alter table safety_rights_rightsitem force row level security;
drop policy if exists wall on safety_rights_rightsitem;
create policy wall on safety_rights_rightsitem for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, request_id, origin, kind, record_id, source, about_others, written_on, signs) on safety_rights_rightsitem to safe_report;
drop policy if exists report on safety_rights_rightsitem;
create policy report on safety_rights_rightsitem for select to safe_report using (true);

-- safety_rights_rightsreply
revoke all on safety_rights_rightsreply from safe_app, safe_report;
grant select, insert on safety_rights_rightsreply to safe_app;
alter table safety_rights_rightsreply enable row level security;
alter table safety_rights_rightsreply force row level security;
drop policy if exists wall on safety_rights_rightsreply;
create policy wall on safety_rights_rightsreply for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, request_id, route, released_on, released_at, worker, items) on safety_rights_rightsreply to safe_report;
drop policy if exists report on safety_rights_rightsreply;
create policy report on safety_rights_rightsreply for select to safe_report using (true);

-- safety_rights_rightsreview
revoke all on safety_rights_rightsreview from safe_app, safe_report;
grant select, insert on safety_rights_rightsreview to safe_app;
alter table safety_rights_rightsreview enable row level security;
alter table safety_rights_rightsreview force row level security;
drop policy if exists wall on safety_rights_rightsreview;
create policy wall on safety_rights_rightsreview for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, item_id, worker, without, consented, reasonable, verdict, ground, signs, reviewed_at, number) on safety_rights_rightsreview to safe_report;
drop policy if exists report on safety_rights_rightsreview;
create policy report on safety_rights_rightsreview for select to safe_report using (true);

-- safety_risk_dangersignal
revoke all on safety_risk_dangersignal from safe_app, safe_report;
grant select, insert, update on safety_risk_dangersignal to safe_app;
alter table safety_risk_dangersignal enable row level security;
alter table safety_risk_dangersignal force row level security;
drop policy if exists wall on safety_risk_dangersignal;
create policy wall on safety_risk_dangersignal for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child_id, task_id, heard_by, source_id, signs, raised_on, raised_at, worker, acknowledged_at, acknowledged_by) on safety_risk_dangersignal to safe_report;
drop policy if exists report on safety_risk_dangersignal;
create policy report on safety_risk_dangersignal for select to safe_report using (true);

-- safety_risk_jointrisk
revoke all on safety_risk_jointrisk from safe_app, safe_report;
grant select, insert, update on safety_risk_jointrisk to safe_app;
alter table safety_risk_jointrisk enable row level security;
alter table safety_risk_jointrisk force row level security;
drop policy if exists wall on safety_risk_jointrisk;
create policy wall on safety_risk_jointrisk for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, case_id, level, owner, begun_on, reviewed_on, review_on, due_because, version) on safety_risk_jointrisk to safe_report;
drop policy if exists report on safety_risk_jointrisk;
create policy report on safety_risk_jointrisk for select to safe_report using (true);

-- safety_risk_riskaction
revoke all on safety_risk_riskaction from safe_app, safe_report;
grant select, insert, update on safety_risk_riskaction to safe_app;
alter table safety_risk_riskaction enable row level security;
alter table safety_risk_riskaction force row level security;
drop policy if exists wall on safety_risk_riskaction;
create policy wall on safety_risk_riskaction for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, risk_id, owner, due_on, done_on, dropped, settled_by, worker, version) on safety_risk_riskaction to safe_report;
drop policy if exists report on safety_risk_riskaction;
create policy report on safety_risk_riskaction for select to safe_report using (true);

-- safety_risk_riskreview
revoke all on safety_risk_riskreview from safe_app, safe_report;
grant select, insert on safety_risk_riskreview to safe_app;
alter table safety_risk_riskreview enable row level security;
alter table safety_risk_riskreview force row level security;
drop policy if exists wall on safety_risk_riskreview;
create policy wall on safety_risk_riskreview for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, risk_id, reviewed_on, before, level, occasion, sources, review_on, recorded_at, worker) on safety_risk_riskreview to safe_report;
drop policy if exists report on safety_risk_riskreview;
create policy report on safety_risk_riskreview for select to safe_report using (true);

-- safety_risk_risktrigger
revoke all on safety_risk_risktrigger from safe_app, safe_report;
grant select, insert, update on safety_risk_risktrigger to safe_app;
alter table safety_risk_risktrigger enable row level security;
alter table safety_risk_risktrigger force row level security;
drop policy if exists wall on safety_risk_risktrigger;
create policy wall on safety_risk_risktrigger for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, risk_id, trigger, about_on, fact_id, noted_at, worker, answered_by_id) on safety_risk_risktrigger to safe_report;
drop policy if exists report on safety_risk_risktrigger;
create policy report on safety_risk_risktrigger for select to safe_report using (true);

-- safety_risk_vulnerabilityassessment
revoke all on safety_risk_vulnerabilityassessment from safe_app, safe_report;
grant select, insert, update on safety_risk_vulnerabilityassessment to safe_app;
alter table safety_risk_vulnerabilityassessment enable row level security;
alter table safety_risk_vulnerabilityassessment force row level security;
drop policy if exists wall on safety_risk_vulnerabilityassessment;
create policy wall on safety_risk_vulnerabilityassessment for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, commission, number, asked_by, asked_on, due_on, basis, consented, consent_on, standing, worker, handed_in_at, signed_by, signed_on, version) on safety_risk_vulnerabilityassessment to safe_report;
drop policy if exists report on safety_risk_vulnerabilityassessment;
create policy report on safety_risk_vulnerabilityassessment for select to safe_report using (true);

-- safety_roles_roleassessment
revoke all on safety_roles_roleassessment from safe_app, safe_report;
grant select, insert, update on safety_roles_roleassessment to safe_app;
alter table safety_roles_roleassessment enable row level security;
alter table safety_roles_roleassessment force row level security;
drop policy if exists wall on safety_roles_roleassessment;
create policy wall on safety_roles_roleassessment for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, number, case_id, state, author, begun_at, asked_on, due_on, signer, finished_at, concluded_a, concluded_b, version) on safety_roles_roleassessment to safe_report;
drop policy if exists report on safety_roles_roleassessment;
create policy report on safety_roles_roleassessment for select to safe_report using (true);

-- safety_roles_roleincident
revoke all on safety_roles_roleincident from safe_app, safe_report;
grant select, insert, update on safety_roles_roleincident to safe_app;
alter table safety_roles_roleincident enable row level security;
alter table safety_roles_roleincident force row level security;
drop policy if exists wall on safety_roles_roleincident;
create policy wall on safety_roles_roleincident for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, assessment_id, done_by, acts, setting, how_often, happened_on, consequences, fear, injury, source, struck_on) on safety_roles_roleincident to safe_report;
drop policy if exists report on safety_roles_roleincident;
create policy report on safety_roles_roleincident for select to safe_report using (true);

-- safety_roles_roleworking
revoke all on safety_roles_roleworking from safe_app, safe_report;
grant select, insert, update on safety_roles_roleworking to safe_app;
alter table safety_roles_roleworking enable row level security;
alter table safety_roles_roleworking force row level security;
drop policy if exists wall on safety_roles_roleworking;
create policy wall on safety_roles_roleworking for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, assessment_id, signs_a, signs_b, proposed_a, proposed_b, version) on safety_roles_roleworking to safe_report;
drop policy if exists report on safety_roles_roleworking;
create policy report on safety_roles_roleworking for select to safe_report using (true);

-- safety_sending_message
revoke all on safety_sending_message from safe_app, safe_report;
grant select, insert, update on safety_sending_message to safe_app;
alter table safety_sending_message enable row level security;
alter table safety_sending_message force row level security;
drop policy if exists wall on safety_sending_message;
create policy wall on safety_sending_message for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, act, template, language, texts_version, entry_at, not_before, not_after, state, stopped_because, override_id, written_at, worker, claimed_at, ended_at, version) on safety_sending_message to safe_report;
drop policy if exists report on safety_sending_message;
create policy report on safety_sending_message for select to safe_report using (true);

-- safety_sending_override
revoke all on safety_sending_override from safe_app, safe_report;
grant select, insert, update on safety_sending_override to safe_app;
alter table safety_sending_override enable row level security;
alter table safety_sending_override force row level security;
drop policy if exists wall on safety_sending_override;
create policy wall on safety_sending_override for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, act, stops, made_at, worker, read_at, read_by) on safety_sending_override to safe_report;
drop policy if exists report on safety_sending_override;
create policy report on safety_sending_override for select to safe_report using (true);

-- safety_sharing_agencycontact
revoke all on safety_sharing_agencycontact from safe_app, safe_report;
grant select, insert, update on safety_sharing_agencycontact to safe_app;
alter table safety_sharing_agencycontact enable row level security;
alter table safety_sharing_agencycontact force row level security;
drop policy if exists wall on safety_sharing_agencycontact;
create policy wall on safety_sharing_agencycontact for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, agency_id, ended_on, worker) on safety_sharing_agencycontact to safe_report;
drop policy if exists report on safety_sharing_agencycontact;
create policy report on safety_sharing_agencycontact for select to safe_report using (true);

-- safety_sharing_agencymessage
revoke all on safety_sharing_agencymessage from safe_app, safe_report;
grant select, insert, update on safety_sharing_agencymessage to safe_app;
alter table safety_sharing_agencymessage enable row level security;
alter table safety_sharing_agencymessage force row level security;
drop policy if exists wall on safety_sharing_agencymessage;
create policy wall on safety_sharing_agencymessage for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child_id, worker, share_id, contact_id, route, sent_on, ask_on, acknowledged_on, kept_by, version) on safety_sharing_agencymessage to safe_report;
drop policy if exists report on safety_sharing_agencymessage;
create policy report on safety_sharing_agencymessage for select to safe_report using (true);

-- safety_sharing_casestudy
revoke all on safety_sharing_casestudy from safe_app, safe_report;
grant select, insert, update on safety_sharing_casestudy to safe_app;
alter table safety_sharing_casestudy enable row level security;
alter table safety_sharing_casestudy force row level security;
drop policy if exists wall on safety_sharing_casestudy;
create policy wall on safety_sharing_casestudy for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, is_quotation, persons, age_band, place, rare, told_in_order, state, possible, written_by, written_at, approved_by, approved_on, published_on, recalled_on, version) on safety_sharing_casestudy to safe_report;
drop policy if exists report on safety_sharing_casestudy;
create policy report on safety_sharing_casestudy for select to safe_report using (true);

-- safety_sharing_export
revoke all on safety_sharing_export from safe_app, safe_report;
grant select, insert, update on safety_sharing_export to safe_app;
alter table safety_sharing_export enable row level security;
alter table safety_sharing_export force row level security;
drop policy if exists wall on safety_sharing_export;
create policy wall on safety_sharing_export for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, kind, thing, name, ending, digest, worker, made_on, recalled_on, recalled_by, told_on, version) on safety_sharing_export to safe_report;
drop policy if exists report on safety_sharing_export;
create policy report on safety_sharing_export for select to safe_report using (true);

-- safety_sharing_externalagency
revoke all on safety_sharing_externalagency from safe_app, safe_report;
grant select, insert, update on safety_sharing_externalagency to safe_app;
alter table safety_sharing_externalagency enable row level security;
alter table safety_sharing_externalagency force row level security;
drop policy if exists wall on safety_sharing_externalagency;
create policy wall on safety_sharing_externalagency for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, kind, retired_on, worker, version) on safety_sharing_externalagency to safe_report;
drop policy if exists report on safety_sharing_externalagency;
create policy report on safety_sharing_externalagency for select to safe_report using (true);

-- safety_sharing_safetyreport
revoke all on safety_sharing_safetyreport from safe_app, safe_report;
grant select, insert, update on safety_sharing_safetyreport to safe_app;
alter table safety_sharing_safetyreport enable row level security;
alter table safety_sharing_safetyreport force row level security;
drop policy if exists wall on safety_sharing_safetyreport;
create policy wall on safety_sharing_safetyreport for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child_id, worker, agency_id, addressed_to, language, basis, consented, consent_on, state, edition, replaces_id, written_at, returned_at, checked_by, checked_at, released_by, released_on, withdrawn_on, version) on safety_sharing_safetyreport to safe_report;
drop policy if exists report on safety_sharing_safetyreport;
create policy report on safety_sharing_safetyreport for select to safe_report using (true);

-- safety_sharing_safetyreportfile
revoke all on safety_sharing_safetyreportfile from safe_app, safe_report;
grant select, insert on safety_sharing_safetyreportfile to safe_app;
alter table safety_sharing_safetyreportfile enable row level security;
alter table safety_sharing_safetyreportfile force row level security;
drop policy if exists wall on safety_sharing_safetyreportfile;
create policy wall on safety_sharing_safetyreportfile for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, report_id, ending) on safety_sharing_safetyreportfile to safe_report;
drop policy if exists report on safety_sharing_safetyreportfile;
create policy report on safety_sharing_safetyreportfile for select to safe_report using (true);

-- safety_sharing_share
revoke all on safety_sharing_share from safe_app, safe_report;
grant select, insert, update on safety_sharing_share to safe_app;
alter table safety_sharing_share enable row level security;
alter table safety_sharing_share force row level security;
drop policy if exists wall on safety_sharing_share;
create policy wall on safety_sharing_share for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, child_id, worker, agency_id, agreement_id, purpose, document, basis, condition, consented, consent_on, shared_on, expires_on, recalled_on, told_on, version) on safety_sharing_share to safe_report;
drop policy if exists report on safety_sharing_share;
create policy report on safety_sharing_share for select to safe_report using (true);

-- safety_sharing_sharingagreement
revoke all on safety_sharing_sharingagreement from safe_app, safe_report;
grant select, insert, update on safety_sharing_sharingagreement to safe_app;
alter table safety_sharing_sharingagreement enable row level security;
alter table safety_sharing_sharingagreement force row level security;
drop policy if exists wall on safety_sharing_sharingagreement;
create policy wall on safety_sharing_sharingagreement for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, agency_id, basis, first_on, last_on, ended_on, worker) on safety_sharing_sharingagreement to safe_report;
drop policy if exists report on safety_sharing_sharingagreement;
create policy report on safety_sharing_sharingagreement for select to safe_report using (true);

-- safety_sharing_studyconsent
revoke all on safety_sharing_studyconsent from safe_app, safe_report;
grant select, insert, update on safety_sharing_studyconsent to safe_app;
alter table safety_sharing_studyconsent enable row level security;
alter table safety_sharing_studyconsent force row level security;
drop policy if exists wall on safety_sharing_studyconsent;
create policy wall on safety_sharing_studyconsent for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, study_id, file_id, given_on, expires_on, withdrawn_on, worker) on safety_sharing_studyconsent to safe_report;
drop policy if exists report on safety_sharing_studyconsent;
create policy report on safety_sharing_studyconsent for select to safe_report using (true);

-- safety_support_expectation
revoke all on safety_support_expectation from safe_app, safe_report;
grant select, insert on safety_support_expectation to safe_app;
alter table safety_support_expectation enable row level security;
alter table safety_support_expectation force row level security;
drop policy if exists wall on safety_support_expectation;
create policy wall on safety_support_expectation for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, hope, caveat_told, stated_on, recorded_at, worker) on safety_support_expectation to safe_report;
drop policy if exists report on safety_support_expectation;
create policy report on safety_support_expectation for select to safe_report using (true);

-- safety_support_filestanding
revoke all on safety_support_filestanding from safe_app, safe_report;
grant select, insert on safety_support_filestanding to safe_app;
alter table safety_support_filestanding enable row level security;
alter table safety_support_filestanding force row level security;
drop policy if exists wall on safety_support_filestanding;
create policy wall on safety_support_filestanding for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, on_day, closed_because, opened_because, worker, recorded_at) on safety_support_filestanding to safe_report;
drop policy if exists report on safety_support_filestanding;
create policy report on safety_support_filestanding for select to safe_report using (true);

-- safety_support_groupattendance
revoke all on safety_support_groupattendance from safe_app, safe_report;
grant select, insert, update on safety_support_groupattendance to safe_app;
alter table safety_support_groupattendance enable row level security;
alter table safety_support_groupattendance force row level security;
drop policy if exists wall on safety_support_groupattendance;
create policy wall on safety_support_groupattendance for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, meeting_id, marked, marked_at, worker, version) on safety_support_groupattendance to safe_report;
drop policy if exists report on safety_support_groupattendance;
create policy report on safety_support_groupattendance for select to safe_report using (true);

-- safety_support_groupmeeting
revoke all on safety_support_groupmeeting from safe_app, safe_report;
grant select, insert, update on safety_support_groupmeeting to safe_app;
alter table safety_support_groupmeeting enable row level security;
alter table safety_support_groupmeeting force row level security;
drop policy if exists wall on safety_support_groupmeeting;
create policy wall on safety_support_groupmeeting for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, group_id, begins_at, minutes, topic, cancelled, booking_id, worker) on safety_support_groupmeeting to safe_report;
drop policy if exists report on safety_support_groupmeeting;
create policy report on safety_support_groupmeeting for select to safe_report using (true);

-- safety_support_groupplace
revoke all on safety_support_groupplace from safe_app, safe_report;
grant select, insert, update on safety_support_groupplace to safe_app;
alter table safety_support_groupplace enable row level security;
alter table safety_support_groupplace force row level security;
drop policy if exists wall on safety_support_groupplace;
create policy wall on safety_support_groupplace for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, group_id, joined_on, left_on, worker) on safety_support_groupplace to safe_report;
drop policy if exists report on safety_support_groupplace;
create policy report on safety_support_groupplace for select to safe_report using (true);

-- safety_support_interpreteruse
revoke all on safety_support_interpreteruse from safe_app, safe_report;
grant select, insert on safety_support_interpreteruse to safe_app;
alter table safety_support_interpreteruse enable row level security;
alter table safety_support_interpreteruse force row level security;
drop policy if exists wall on safety_support_interpreteruse;
create policy wall on safety_support_interpreteruse for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, used_on, language, who, minutes, worker) on safety_support_interpreteruse to safe_report;
drop policy if exists report on safety_support_interpreteruse;
create policy report on safety_support_interpreteruse for select to safe_report using (true);

-- safety_support_onwardreferral
revoke all on safety_support_onwardreferral from safe_app, safe_report;
grant select, insert, update on safety_support_onwardreferral to safe_app;
alter table safety_support_onwardreferral enable row level security;
alter table safety_support_onwardreferral force row level security;
drop policy if exists wall on safety_support_onwardreferral;
create policy wall on safety_support_onwardreferral for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, kind, made_on, consent_on, outcome, outcome_on, ask_on, worker, version) on safety_support_onwardreferral to safe_report;
drop policy if exists report on safety_support_onwardreferral;
create policy report on safety_support_onwardreferral for select to safe_report using (true);

-- safety_support_partnercircumstances
revoke all on safety_support_partnercircumstances from safe_app, safe_report;
grant select, insert on safety_support_partnercircumstances to safe_app;
alter table safety_support_partnercircumstances enable row level security;
alter table safety_support_partnercircumstances force row level security;
drop policy if exists wall on safety_support_partnercircumstances;
create policy wall on safety_support_partnercircumstances for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, area, employment, months, age_band, stated_on, recorded_at, worker) on safety_support_partnercircumstances to safe_report;
drop policy if exists report on safety_support_partnercircumstances;
create policy report on safety_support_partnercircumstances for select to safe_report using (true);

-- safety_support_partnerneed
revoke all on safety_support_partnerneed from safe_app, safe_report;
grant select, insert on safety_support_partnerneed to safe_app;
alter table safety_support_partnerneed enable row level security;
alter table safety_support_partnerneed force row level security;
drop policy if exists wall on safety_support_partnerneed;
create policy wall on safety_support_partnerneed for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, area, level, stated_on, recorded_at, worker) on safety_support_partnerneed to safe_report;
drop policy if exists report on safety_support_partnerneed;
create policy report on safety_support_partnerneed for select to safe_report using (true);

-- safety_support_periodextension
revoke all on safety_support_periodextension from safe_app, safe_report;
grant select, insert on safety_support_periodextension to safe_app;
alter table safety_support_periodextension enable row level security;
alter table safety_support_periodextension force row level security;
drop policy if exists wall on safety_support_periodextension;
create policy wall on safety_support_periodextension for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, period_id, until_before, until, decided_on, worker) on safety_support_periodextension to safe_report;
drop policy if exists report on safety_support_periodextension;
create policy report on safety_support_periodextension for select to safe_report using (true);

-- safety_support_permission
revoke all on safety_support_permission from safe_app, safe_report;
grant select, insert, update on safety_support_permission to safe_app;
alter table safety_support_permission enable row level security;
alter table safety_support_permission force row level security;
drop policy if exists wall on safety_support_permission;
create policy wall on safety_support_permission for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, in_writing, given_on, revoked_on, worker, version) on safety_support_permission to safe_report;
drop policy if exists report on safety_support_permission;
create policy report on safety_support_permission for select to safe_report using (true);

-- safety_support_planstep
revoke all on safety_support_planstep from safe_app, safe_report;
grant select, insert, update on safety_support_planstep to safe_app;
alter table safety_support_planstep enable row level security;
alter table safety_support_planstep force row level security;
drop policy if exists wall on safety_support_planstep;
create policy wall on safety_support_planstep for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, who, due_on, done_on, dropped_on, worker, done_by) on safety_support_planstep to safe_report;
drop policy if exists report on safety_support_planstep;
create policy report on safety_support_planstep for select to safe_report using (true);

-- safety_support_safetydraft
revoke all on safety_support_safetydraft from safe_app, safe_report;
grant select, insert, update, delete on safety_support_safetydraft to safe_app;
alter table safety_support_safetydraft enable row level security;
alter table safety_support_safetydraft force row level security;
drop policy if exists wall on safety_support_safetydraft;
create policy wall on safety_support_safetydraft for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, worker, key, saved_at, version) on safety_support_safetydraft to safe_report;
drop policy if exists report on safety_support_safetydraft;
create policy report on safety_support_safetydraft for select to safe_report using (true);

-- safety_support_safetyplan
revoke all on safety_support_safetyplan from safe_app, safe_report;
grant select, insert on safety_support_safetyplan to safe_app;
alter table safety_support_safetyplan enable row level security;
alter table safety_support_safetyplan force row level security;
drop policy if exists wall on safety_support_safetyplan;
create policy wall on safety_support_safetyplan for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, number, written_on, review_on, worker, agreed) on safety_support_safetyplan to safe_report;
drop policy if exists report on safety_support_safetyplan;
create policy report on safety_support_safetyplan for select to safe_report using (true);

-- safety_support_safetyplancopy
revoke all on safety_support_safetyplancopy from safe_app, safe_report;
grant select, insert on safety_support_safetyplancopy to safe_app;
alter table safety_support_safetyplancopy enable row level security;
alter table safety_support_safetyplancopy force row level security;
drop policy if exists wall on safety_support_safetyplancopy;
create policy wall on safety_support_safetyplancopy for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, plan_id, how, handed_at, worker) on safety_support_safetyplancopy to safe_report;
drop policy if exists report on safety_support_safetyplancopy;
create policy report on safety_support_safetyplancopy for select to safe_report using (true);

-- safety_support_supportgroup
revoke all on safety_support_supportgroup from safe_app, safe_report;
grant select, insert, update on safety_support_supportgroup to safe_app;
alter table safety_support_supportgroup enable row level security;
alter table safety_support_supportgroup force row level security;
drop policy if exists wall on safety_support_supportgroup;
create policy wall on safety_support_supportgroup for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, begins_on, closed_on, worker, version) on safety_support_supportgroup to safe_report;
drop policy if exists report on safety_support_supportgroup;
create policy report on safety_support_supportgroup for select to safe_report using (true);

-- safety_support_supportperiod
revoke all on safety_support_supportperiod from safe_app, safe_report;
grant select, insert, update on safety_support_supportperiod to safe_app;
alter table safety_support_supportperiod enable row level security;
alter table safety_support_supportperiod force row level security;
drop policy if exists wall on safety_support_supportperiod;
create policy wall on safety_support_supportperiod for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, began_on, planned_end, ended_on, end_reason, worker, version) on safety_support_supportperiod to safe_report;
drop policy if exists report on safety_support_supportperiod;
create policy report on safety_support_supportperiod for select to safe_report using (true);

-- safety_support_supportplan
revoke all on safety_support_supportplan from safe_app, safe_report;
grant select, insert on safety_support_supportplan to safe_app;
alter table safety_support_supportplan enable row level security;
alter table safety_support_supportplan force row level security;
drop policy if exists wall on safety_support_supportplan;
create policy wall on safety_support_supportplan for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, number, written_on, review_on, worker) on safety_support_supportplan to safe_report;
drop policy if exists report on safety_support_supportplan;
create policy report on safety_support_supportplan for select to safe_report using (true);

-- safety_support_supportsession
revoke all on safety_support_supportsession from safe_app, safe_report;
grant select, insert on safety_support_supportsession to safe_app;
alter table safety_support_supportsession enable row level security;
alter table safety_support_supportsession force row level security;
drop policy if exists wall on safety_support_supportsession;
create policy wall on safety_support_supportsession for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, began_at, kind, came, minutes, channel, present, topics, recorded_at, worker, corrects_id) on safety_support_supportsession to safe_report;
drop policy if exists report on safety_support_supportsession;
create policy report on safety_support_supportsession for select to safe_report using (true);

-- the front door
grant create, usage on schema app to safe_door_owner;
grant insert on safety_intake_doorentry to safe_door_owner;
drop policy if exists append on safety_intake_doorentry;
create policy append on safety_intake_doorentry for insert to safe_door_owner with check (true);
set role safe_door_owner;
create or replace function app.door_append(entry uuid, sealed bytea) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into public.safety_intake_doorentry (id, sealed, outcome)
    values (entry, sealed, '') on conflict do nothing;
end $$;
revoke execute on function app.door_append(uuid, bytea) from public;
grant execute on function app.door_append(uuid, bytea) to safe_door;
reset role;
revoke create on schema app from safe_door_owner;
grant usage on schema app to safe_door;

-- the slots of questions on a device: all that the front door reads
grant create, usage on schema app to safe_door_owner;
grant select (id, code_hash, visit_hash, form, language, next_page, state, ends_at, touched_at,
    entrance_hash), update (visit_hash, entrance_hash, next_page, state, touched_at)
    on safety_asking_slot to safe_door_owner;
drop policy if exists slot_read on safety_asking_slot;
create policy slot_read on safety_asking_slot for select to safe_door_owner using (true);
drop policy if exists slot_move on safety_asking_slot;
create policy slot_move on safety_asking_slot for update to safe_door_owner
    using (true) with check (true);
set role safe_door_owner;
create or replace function app.slot_open(code text, visit text, entrance text)
returns table (number uuid, form text, language text, next_page int) language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s
    set visit_hash = visit, entrance_hash = entrance, state = 'open',
        touched_at = clock_timestamp()
    where s.code_hash = code and s.state in ('waiting', 'open') and s.ends_at > clock_timestamp()
    returning s.id, s.form, s.language, s.next_page
$$;
create or replace function app.slot_read(visit text)
returns table (number uuid, form text, language text, next_page int) language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s set touched_at = clock_timestamp()
    where s.visit_hash = visit and s.state = 'open' and s.ends_at > clock_timestamp()
        and s.touched_at > clock_timestamp() - interval '30 minutes'
    returning s.id, s.form, s.language, s.next_page
$$;
create or replace function app.slot_step(
    visit text, page int, entry uuid, sealed bytea, finished boolean)
returns boolean language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.safety_asking_slot s
    set next_page = page + 1, touched_at = clock_timestamp(),
        state = case when finished then 'finished' else s.state end,
        visit_hash = case when finished then null else s.visit_hash end
    where s.visit_hash = visit and s.state = 'open' and s.next_page = page
        and s.ends_at > clock_timestamp()
        and s.touched_at > clock_timestamp() - interval '30 minutes';
    if not found then return false; end if;
    if sealed is not null then
        insert into public.safety_intake_doorentry (id, sealed, outcome)
        values (entry, sealed, '') on conflict do nothing;
    end if;
    return true;
end $$;
create or replace function app.slot_leave(visit text) returns void language sql
security definer set search_path = pg_catalog, pg_temp as $$
    update public.safety_asking_slot s set visit_hash = null where s.visit_hash = visit
$$;
create or replace function app.slot_passed(entrance text) returns boolean language sql
security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from public.safety_asking_slot s where s.entrance_hash = entrance)
$$;
revoke execute on function app.slot_open(text, text, text) from public;
grant execute on function app.slot_open(text, text, text) to safe_door;
revoke execute on function app.slot_read(text) from public;
grant execute on function app.slot_read(text) to safe_door;
revoke execute on function app.slot_step(text, int, uuid, bytea, boolean) from public;
grant execute on function app.slot_step(text, int, uuid, bytea, boolean) to safe_door;
revoke execute on function app.slot_leave(text) from public;
grant execute on function app.slot_leave(text) to safe_door;
revoke execute on function app.slot_passed(text) from public;
grant execute on function app.slot_passed(text) to safe_door;
reset role;
revoke create on schema app from safe_door_owner;

-- shared tables
revoke all on staff_agency from safe_app;
grant select on staff_agency to safe_app;
revoke all on staff_service from safe_app;
grant select on staff_service to safe_app;
revoke all on staff_compartment from safe_app;
grant select on staff_compartment to safe_app;
revoke all on staff_membership from safe_app;
grant select on staff_membership to safe_app;
revoke all on staff_worker from safe_app;
grant select, update (last_login, password) on staff_worker to safe_app;
revoke all on staff_agencysubject from safe_app;
grant select on staff_agencysubject to safe_app;
revoke all on audit_entry from safe_app;
grant insert on audit_entry to safe_app;
revoke all on django_session from safe_app;
grant select, insert, update, delete on django_session to safe_app;
revoke all on casewall_cache from safe_app;
grant select, insert, update, delete on casewall_cache to safe_app;
revoke all on account_emailaddress from safe_app;
grant select, insert, update on account_emailaddress to safe_app;
revoke all on mfa_authenticator from safe_app;
grant select, insert, update, delete on mfa_authenticator to safe_app;
revoke all on account_emailconfirmation from safe_app;
revoke all on auth_group from safe_app;
revoke all on auth_group_permissions from safe_app;
revoke all on auth_permission from safe_app;
revoke all on django_content_type from safe_app;
revoke all on django_migrations from safe_app;
revoke all on staff_service from safe_report;
grant select (code) on staff_service to safe_report;
revoke all on staff_worker from safe_report;
grant select (role, invented) on staff_worker to safe_report;

-- who looked, who works here
grant usage on schema public to safe_desk_owner;
grant create, usage on schema app to safe_desk_owner;
grant execute on function app.worker() to safe_desk_owner;
revoke all on audit_entry, staff_worker, staff_membership from safe_desk_owner;
grant select on audit_entry, staff_worker to safe_desk_owner;
grant insert (id, email, name, role, agency_id, is_active, until, invented, password),
    update (email, name, role, agency_id, is_active, until) on staff_worker to safe_desk_owner;
revoke all on staff_agencysubject from safe_desk_owner;
grant select, insert, delete on staff_membership, staff_agencysubject to safe_desk_owner;
set role safe_desk_owner;
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
            and w.role in ('safety_manager', 'data_protection_officer'))
    group by 1, 2, 3, 4, 5
$$;
create or replace function app.keep_account(account uuid, mail text, called text, part text,
    of_agency text, active boolean, last_day date, places int[]) returns void language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    invents boolean;
begin
    select w.invented into invents from public.staff_worker w
    where w.id = app.worker() and w.is_active and w.role in ('safety_administrator');
    if not found then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker() or part not in ('partner_worker', 'childrens_worker', 'coordinator', 'safety_manager', 'data_protection_officer', 'evaluator', 'safety_administrator')
        or exists (select from public.staff_worker w where w.id = account and w.role in ('safety_system'))
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
    where part not in ('evaluator', 'safety_administrator') on conflict do nothing;
end $$;
create or replace function app.bind_account(account uuid, of_issuer text, known_as text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from public.staff_worker w where w.id = app.worker() and w.is_active
                   and w.role in ('safety_administrator')) then
        raise exception 'only an administrator keeps accounts' using errcode = '42501';
    end if;
    if account = app.worker()
        or exists (select from public.staff_worker w where w.id = account and w.role in ('safety_system'))
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
    app.bind_account(uuid, text, text) to safe_app;
reset role;
revoke create on schema app from safe_desk_owner;

-- erasing a file: rights of a role that nobody logs in as

revoke all on safety_access_exclusion from safe_erase_owner;
grant delete, select on safety_access_exclusion to safe_erase_owner;
drop policy if exists erase on safety_access_exclusion;
create policy erase on safety_access_exclusion for all to safe_erase_owner using (true) with check (true);

revoke all on safety_access_outofturn from safe_erase_owner;
grant delete, select on safety_access_outofturn to safe_erase_owner;
drop policy if exists erase on safety_access_outofturn;
create policy erase on safety_access_outofturn for all to safe_erase_owner using (true) with check (true);

revoke all on safety_asking_answeredpage from safe_erase_owner;
grant delete, select on safety_asking_answeredpage to safe_erase_owner;
drop policy if exists erase on safety_asking_answeredpage;
create policy erase on safety_asking_answeredpage for all to safe_erase_owner using (true) with check (true);

revoke all on safety_asking_asking from safe_erase_owner;
grant delete, select on safety_asking_asking to safe_erase_owner;
drop policy if exists erase on safety_asking_asking;
create policy erase on safety_asking_asking for all to safe_erase_owner using (true) with check (true);

revoke all on safety_asking_slot from safe_erase_owner;
grant delete, select on safety_asking_slot to safe_erase_owner;
drop policy if exists erase on safety_asking_slot;
create policy erase on safety_asking_slot for all to safe_erase_owner using (true) with check (true);

revoke all on safety_bookings_booking from safe_erase_owner;
grant delete, select, update on safety_bookings_booking to safe_erase_owner;
drop policy if exists erase on safety_bookings_booking;
create policy erase on safety_bookings_booking for all to safe_erase_owner using (true) with check (true);

revoke all on safety_bookings_bookingplace from safe_erase_owner;
grant delete, select on safety_bookings_bookingplace to safe_erase_owner;
drop policy if exists erase on safety_bookings_bookingplace;
create policy erase on safety_bookings_bookingplace for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_arrangement from safe_erase_owner;
grant delete, select on safety_children_arrangement to safe_erase_owner;
drop policy if exists erase on safety_children_arrangement;
create policy erase on safety_children_arrangement for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_child from safe_erase_owner;
grant delete, select, update on safety_children_child to safe_erase_owner;
drop policy if exists erase on safety_children_child;
create policy erase on safety_children_child for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childadult from safe_erase_owner;
grant delete, select, update on safety_children_childadult to safe_erase_owner;
drop policy if exists erase on safety_children_childadult;
create policy erase on safety_children_childadult for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childattendance from safe_erase_owner;
grant delete, select on safety_children_childattendance to safe_erase_owner;
drop policy if exists erase on safety_children_childattendance;
create policy erase on safety_children_childattendance for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childconsent from safe_erase_owner;
grant delete, select, update on safety_children_childconsent to safe_erase_owner;
drop policy if exists erase on safety_children_childconsent;
create policy erase on safety_children_childconsent for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childgoal from safe_erase_owner;
grant delete, select on safety_children_childgoal to safe_erase_owner;
drop policy if exists erase on safety_children_childgoal;
create policy erase on safety_children_childgoal for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childsafeguarding from safe_erase_owner;
grant delete, select, update on safety_children_childsafeguarding to safe_erase_owner;
drop policy if exists erase on safety_children_childsafeguarding;
create policy erase on safety_children_childsafeguarding for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childsession from safe_erase_owner;
grant delete, select on safety_children_childsession to safe_erase_owner;
drop policy if exists erase on safety_children_childsession;
create policy erase on safety_children_childsession for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childsupport from safe_erase_owner;
grant delete, select on safety_children_childsupport to safe_erase_owner;
drop policy if exists erase on safety_children_childsupport;
create policy erase on safety_children_childsupport for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_childtoken from safe_erase_owner;
grant delete, select on safety_children_childtoken to safe_erase_owner;
drop policy if exists erase on safety_children_childtoken;
create policy erase on safety_children_childtoken for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_filechildren from safe_erase_owner;
grant delete, select on safety_children_filechildren to safe_erase_owner;
drop policy if exists erase on safety_children_filechildren;
create policy erase on safety_children_filechildren for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_groupchild from safe_erase_owner;
grant delete, select on safety_children_groupchild to safe_erase_owner;
drop policy if exists erase on safety_children_groupchild;
create policy erase on safety_children_groupchild for all to safe_erase_owner using (true) with check (true);

revoke all on safety_children_planstatus from safe_erase_owner;
grant delete, select on safety_children_planstatus to safe_erase_owner;
drop policy if exists erase on safety_children_planstatus;
create policy erase on safety_children_planstatus for all to safe_erase_owner using (true) with check (true);

revoke all on safety_conferences_conferenceaction from safe_erase_owner;
grant delete, select on safety_conferences_conferenceaction to safe_erase_owner;
drop policy if exists erase on safety_conferences_conferenceaction;
create policy erase on safety_conferences_conferenceaction for all to safe_erase_owner using (true) with check (true);

revoke all on safety_conferences_conferencereferral from safe_erase_owner;
grant delete, select on safety_conferences_conferencereferral to safe_erase_owner;
drop policy if exists erase on safety_conferences_conferencereferral;
create policy erase on safety_conferences_conferencereferral for all to safe_erase_owner using (true) with check (true);

revoke all on safety_conferences_hearing from safe_erase_owner;
grant delete, select on safety_conferences_hearing to safe_erase_owner;
drop policy if exists erase on safety_conferences_hearing;
create policy erase on safety_conferences_hearing for all to safe_erase_owner using (true) with check (true);

revoke all on safety_conferences_research from safe_erase_owner;
grant delete, select on safety_conferences_research to safe_erase_owner;
drop policy if exists erase on safety_conferences_research;
create policy erase on safety_conferences_research for all to safe_erase_owner using (true) with check (true);

revoke all on safety_coordination_approval from safe_erase_owner;
grant delete, select on safety_coordination_approval to safe_erase_owner;
drop policy if exists erase on safety_coordination_approval;
create policy erase on safety_coordination_approval for all to safe_erase_owner using (true) with check (true);

revoke all on safety_coordination_disclosure from safe_erase_owner;
grant delete, select, update on safety_coordination_disclosure to safe_erase_owner;
drop policy if exists erase on safety_coordination_disclosure;
create policy erase on safety_coordination_disclosure for all to safe_erase_owner using (true) with check (true);

revoke all on safety_coordination_opened from safe_erase_owner;
grant delete, select on safety_coordination_opened to safe_erase_owner;
drop policy if exists erase on safety_coordination_opened;
create policy erase on safety_coordination_opened for all to safe_erase_owner using (true) with check (true);

revoke all on safety_coordination_partnerpermission from safe_erase_owner;
grant delete, select on safety_coordination_partnerpermission to safe_erase_owner;
drop policy if exists erase on safety_coordination_partnerpermission;
create policy erase on safety_coordination_partnerpermission for all to safe_erase_owner using (true) with check (true);

revoke all on safety_details_detailchange from safe_erase_owner;
grant delete, select on safety_details_detailchange to safe_erase_owner;
drop policy if exists erase on safety_details_detailchange;
create policy erase on safety_details_detailchange for all to safe_erase_owner using (true) with check (true);

revoke all on safety_details_formerdetail from safe_erase_owner;
grant delete, select on safety_details_formerdetail to safe_erase_owner;
drop policy if exists erase on safety_details_formerdetail;
create policy erase on safety_details_formerdetail for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_authoritytold from safe_erase_owner;
grant delete, select on safety_incidents_authoritytold to safe_erase_owner;
drop policy if exists erase on safety_incidents_authoritytold;
create policy erase on safety_incidents_authoritytold for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_childincident from safe_erase_owner;
grant delete, select, update on safety_incidents_childincident to safe_erase_owner;
drop policy if exists erase on safety_incidents_childincident;
create policy erase on safety_incidents_childincident for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_fileasked from safe_erase_owner;
grant delete, select on safety_incidents_fileasked to safe_erase_owner;
drop policy if exists erase on safety_incidents_fileasked;
create policy erase on safety_incidents_fileasked for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_filecourtday from safe_erase_owner;
grant delete, select on safety_incidents_filecourtday to safe_erase_owner;
drop policy if exists erase on safety_incidents_filecourtday;
create policy erase on safety_incidents_filecourtday for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_fileproceeding from safe_erase_owner;
grant delete, select on safety_incidents_fileproceeding to safe_erase_owner;
drop policy if exists erase on safety_incidents_fileproceeding;
create policy erase on safety_incidents_fileproceeding for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_sufferedincident from safe_erase_owner;
grant delete, select, update on safety_incidents_sufferedincident to safe_erase_owner;
drop policy if exists erase on safety_incidents_sufferedincident;
create policy erase on safety_incidents_sufferedincident for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_trytotell from safe_erase_owner;
grant delete, select on safety_incidents_trytotell to safe_erase_owner;
drop policy if exists erase on safety_incidents_trytotell;
create policy erase on safety_incidents_trytotell for all to safe_erase_owner using (true) with check (true);

revoke all on safety_incidents_violencereport from safe_erase_owner;
grant delete, select on safety_incidents_violencereport to safe_erase_owner;
drop policy if exists erase on safety_incidents_violencereport;
create policy erase on safety_incidents_violencereport for all to safe_erase_owner using (true) with check (true);

revoke all on safety_intake_intakereferral from safe_erase_owner;
grant delete, select, update on safety_intake_intakereferral to safe_erase_owner;
drop policy if exists erase on safety_intake_intakereferral;
create policy erase on safety_intake_intakereferral for all to safe_erase_owner using (true) with check (true);

revoke all on safety_intake_outboxitem from safe_erase_owner;
grant delete, select on safety_intake_outboxitem to safe_erase_owner;
drop policy if exists erase on safety_intake_outboxitem;
create policy erase on safety_intake_outboxitem for all to safe_erase_owner using (true) with check (true);

revoke all on safety_intake_referrermessage from safe_erase_owner;
grant delete, select on safety_intake_referrermessage to safe_erase_owner;
drop policy if exists erase on safety_intake_referrermessage;
create policy erase on safety_intake_referrermessage for all to safe_erase_owner using (true) with check (true);

revoke all on safety_meetings_agendaitem from safe_erase_owner;
grant delete, select on safety_meetings_agendaitem to safe_erase_owner;
drop policy if exists erase on safety_meetings_agendaitem;
create policy erase on safety_meetings_agendaitem for all to safe_erase_owner using (true) with check (true);

revoke all on safety_meetings_extract from safe_erase_owner;
grant delete, select on safety_meetings_extract to safe_erase_owner;
drop policy if exists erase on safety_meetings_extract;
create policy erase on safety_meetings_extract for all to safe_erase_owner using (true) with check (true);

revoke all on safety_meetings_meetingaction from safe_erase_owner;
grant delete, select on safety_meetings_meetingaction to safe_erase_owner;
drop policy if exists erase on safety_meetings_meetingaction;
create policy erase on safety_meetings_meetingaction for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_earlierscaleanswer from safe_erase_owner;
grant delete, select on safety_partners_earlierscaleanswer to safe_erase_owner;
drop policy if exists erase on safety_partners_earlierscaleanswer;
create policy erase on safety_partners_earlierscaleanswer for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_filelink from safe_erase_owner;
grant delete, select on safety_partners_filelink to safe_erase_owner;
drop policy if exists erase on safety_partners_filelink;
create policy erase on safety_partners_filelink for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_partner from safe_erase_owner;
grant delete, select on safety_partners_partner to safe_erase_owner;
drop policy if exists erase on safety_partners_partner;
create policy erase on safety_partners_partner for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_partnercontact from safe_erase_owner;
grant delete, select on safety_partners_partnercontact to safe_erase_owner;
drop policy if exists erase on safety_partners_partnercontact;
create policy erase on safety_partners_partnercontact for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_partnerfile from safe_erase_owner;
grant delete, select on safety_partners_partnerfile to safe_erase_owner;
drop policy if exists erase on safety_partners_partnerfile;
create policy erase on safety_partners_partnerfile for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_partnertask from safe_erase_owner;
grant delete, select on safety_partners_partnertask to safe_erase_owner;
drop policy if exists erase on safety_partners_partnertask;
create policy erase on safety_partners_partnertask for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_partnertoken from safe_erase_owner;
grant delete, select on safety_partners_partnertoken to safe_erase_owner;
drop policy if exists erase on safety_partners_partnertoken;
create policy erase on safety_partners_partnertoken for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_reveal from safe_erase_owner;
grant delete, select on safety_partners_reveal to safe_erase_owner;
drop policy if exists erase on safety_partners_reveal;
create policy erase on safety_partners_reveal for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_safecontact from safe_erase_owner;
grant delete, select on safety_partners_safecontact to safe_erase_owner;
drop policy if exists erase on safety_partners_safecontact;
create policy erase on safety_partners_safecontact for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_scaleanswer from safe_erase_owner;
grant delete, select on safety_partners_scaleanswer to safe_erase_owner;
drop policy if exists erase on safety_partners_scaleanswer;
create policy erase on safety_partners_scaleanswer for all to safe_erase_owner using (true) with check (true);

revoke all on safety_partners_thingtold from safe_erase_owner;
grant delete, select, update on safety_partners_thingtold to safe_erase_owner;
drop policy if exists erase on safety_partners_thingtold;
create policy erase on safety_partners_thingtold for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_casetoken from safe_erase_owner;
grant delete, select on safety_pulled_casetoken to safe_erase_owner;
drop policy if exists erase on safety_pulled_casetoken;
create policy erase on safety_pulled_casetoken for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledappointment from safe_erase_owner;
grant delete, select on safety_pulled_pulledappointment to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledappointment;
create policy erase on safety_pulled_pulledappointment for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledattendance from safe_erase_owner;
grant delete, select on safety_pulled_pulledattendance to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledattendance;
create policy erase on safety_pulled_pulledattendance for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledcase from safe_erase_owner;
grant delete, select on safety_pulled_pulledcase to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledcase;
create policy erase on safety_pulled_pulledcase for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledchild from safe_erase_owner;
grant delete, select on safety_pulled_pulledchild to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledchild;
create policy erase on safety_pulled_pulledchild for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledcourse from safe_erase_owner;
grant delete, select on safety_pulled_pulledcourse to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledcourse;
create policy erase on safety_pulled_pulledcourse for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulleddeclaration from safe_erase_owner;
grant delete, select on safety_pulled_pulleddeclaration to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulleddeclaration;
create policy erase on safety_pulled_pulleddeclaration for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledfamilystatement from safe_erase_owner;
grant delete, select on safety_pulled_pulledfamilystatement to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledfamilystatement;
create policy erase on safety_pulled_pulledfamilystatement for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledincident from safe_erase_owner;
grant delete, select on safety_pulled_pulledincident to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledincident;
create policy erase on safety_pulled_pulledincident for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledproceeding from safe_erase_owner;
grant delete, select on safety_pulled_pulledproceeding to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledproceeding;
create policy erase on safety_pulled_pulledproceeding for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledrisk from safe_erase_owner;
grant delete, select on safety_pulled_pulledrisk to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledrisk;
create policy erase on safety_pulled_pulledrisk for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledsafeguarding from safe_erase_owner;
grant delete, select on safety_pulled_pulledsafeguarding to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledsafeguarding;
create policy erase on safety_pulled_pulledsafeguarding for all to safe_erase_owner using (true) with check (true);

revoke all on safety_pulled_pulledsuitability from safe_erase_owner;
grant delete, select on safety_pulled_pulledsuitability to safe_erase_owner;
drop policy if exists erase on safety_pulled_pulledsuitability;
create policy erase on safety_pulled_pulledsuitability for all to safe_erase_owner using (true) with check (true);

revoke all on safety_retention_deletion from safe_erase_owner;
grant select, update on safety_retention_deletion to safe_erase_owner;
drop policy if exists erase on safety_retention_deletion;
create policy erase on safety_retention_deletion for all to safe_erase_owner using (true) with check (true);

revoke all on safety_retention_legalhold from safe_erase_owner;
grant delete, select on safety_retention_legalhold to safe_erase_owner;
drop policy if exists erase on safety_retention_legalhold;
create policy erase on safety_retention_legalhold for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_complaint from safe_erase_owner;
grant delete, select on safety_rights_complaint to safe_erase_owner;
drop policy if exists erase on safety_rights_complaint;
create policy erase on safety_rights_complaint for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_filerestriction from safe_erase_owner;
grant delete, select on safety_rights_filerestriction to safe_erase_owner;
drop policy if exists erase on safety_rights_filerestriction;
create policy erase on safety_rights_filerestriction for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_filestatement from safe_erase_owner;
grant delete, select on safety_rights_filestatement to safe_erase_owner;
drop policy if exists erase on safety_rights_filestatement;
create policy erase on safety_rights_filestatement for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_rightscase from safe_erase_owner;
grant delete, select on safety_rights_rightscase to safe_erase_owner;
drop policy if exists erase on safety_rights_rightscase;
create policy erase on safety_rights_rightscase for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_rightsitem from safe_erase_owner;
grant delete, select on safety_rights_rightsitem to safe_erase_owner;
drop policy if exists erase on safety_rights_rightsitem;
create policy erase on safety_rights_rightsitem for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_rightsreply from safe_erase_owner;
grant delete, select on safety_rights_rightsreply to safe_erase_owner;
drop policy if exists erase on safety_rights_rightsreply;
create policy erase on safety_rights_rightsreply for all to safe_erase_owner using (true) with check (true);

revoke all on safety_rights_rightsreview from safe_erase_owner;
grant delete, select on safety_rights_rightsreview to safe_erase_owner;
drop policy if exists erase on safety_rights_rightsreview;
create policy erase on safety_rights_rightsreview for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_dangersignal from safe_erase_owner;
grant delete, select, update on safety_risk_dangersignal to safe_erase_owner;
drop policy if exists erase on safety_risk_dangersignal;
create policy erase on safety_risk_dangersignal for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_jointrisk from safe_erase_owner;
grant delete, select on safety_risk_jointrisk to safe_erase_owner;
drop policy if exists erase on safety_risk_jointrisk;
create policy erase on safety_risk_jointrisk for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_riskaction from safe_erase_owner;
grant delete, select on safety_risk_riskaction to safe_erase_owner;
drop policy if exists erase on safety_risk_riskaction;
create policy erase on safety_risk_riskaction for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_riskreview from safe_erase_owner;
grant delete, select on safety_risk_riskreview to safe_erase_owner;
drop policy if exists erase on safety_risk_riskreview;
create policy erase on safety_risk_riskreview for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_risktrigger from safe_erase_owner;
grant delete, select, update on safety_risk_risktrigger to safe_erase_owner;
drop policy if exists erase on safety_risk_risktrigger;
create policy erase on safety_risk_risktrigger for all to safe_erase_owner using (true) with check (true);

revoke all on safety_risk_vulnerabilityassessment from safe_erase_owner;
grant delete, select on safety_risk_vulnerabilityassessment to safe_erase_owner;
drop policy if exists erase on safety_risk_vulnerabilityassessment;
create policy erase on safety_risk_vulnerabilityassessment for all to safe_erase_owner using (true) with check (true);

revoke all on safety_roles_roleassessment from safe_erase_owner;
grant delete, select on safety_roles_roleassessment to safe_erase_owner;
drop policy if exists erase on safety_roles_roleassessment;
create policy erase on safety_roles_roleassessment for all to safe_erase_owner using (true) with check (true);

revoke all on safety_roles_roleincident from safe_erase_owner;
grant delete, select on safety_roles_roleincident to safe_erase_owner;
drop policy if exists erase on safety_roles_roleincident;
create policy erase on safety_roles_roleincident for all to safe_erase_owner using (true) with check (true);

revoke all on safety_roles_roleworking from safe_erase_owner;
grant delete, select on safety_roles_roleworking to safe_erase_owner;
drop policy if exists erase on safety_roles_roleworking;
create policy erase on safety_roles_roleworking for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sending_message from safe_erase_owner;
grant delete, select, update on safety_sending_message to safe_erase_owner;
drop policy if exists erase on safety_sending_message;
create policy erase on safety_sending_message for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sending_override from safe_erase_owner;
grant delete, select on safety_sending_override to safe_erase_owner;
drop policy if exists erase on safety_sending_override;
create policy erase on safety_sending_override for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sharing_agencymessage from safe_erase_owner;
grant delete, select on safety_sharing_agencymessage to safe_erase_owner;
drop policy if exists erase on safety_sharing_agencymessage;
create policy erase on safety_sharing_agencymessage for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sharing_safetyreport from safe_erase_owner;
grant delete, select, update on safety_sharing_safetyreport to safe_erase_owner;
drop policy if exists erase on safety_sharing_safetyreport;
create policy erase on safety_sharing_safetyreport for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sharing_safetyreportfile from safe_erase_owner;
grant delete, select on safety_sharing_safetyreportfile to safe_erase_owner;
drop policy if exists erase on safety_sharing_safetyreportfile;
create policy erase on safety_sharing_safetyreportfile for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sharing_share from safe_erase_owner;
grant delete, select on safety_sharing_share to safe_erase_owner;
drop policy if exists erase on safety_sharing_share;
create policy erase on safety_sharing_share for all to safe_erase_owner using (true) with check (true);

revoke all on safety_sharing_studyconsent from safe_erase_owner;
grant delete, select on safety_sharing_studyconsent to safe_erase_owner;
drop policy if exists erase on safety_sharing_studyconsent;
create policy erase on safety_sharing_studyconsent for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_expectation from safe_erase_owner;
grant delete, select on safety_support_expectation to safe_erase_owner;
drop policy if exists erase on safety_support_expectation;
create policy erase on safety_support_expectation for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_filestanding from safe_erase_owner;
grant delete, select on safety_support_filestanding to safe_erase_owner;
drop policy if exists erase on safety_support_filestanding;
create policy erase on safety_support_filestanding for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_groupattendance from safe_erase_owner;
grant delete, select on safety_support_groupattendance to safe_erase_owner;
drop policy if exists erase on safety_support_groupattendance;
create policy erase on safety_support_groupattendance for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_groupmeeting from safe_erase_owner;
grant select, update on safety_support_groupmeeting to safe_erase_owner;
drop policy if exists erase on safety_support_groupmeeting;
create policy erase on safety_support_groupmeeting for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_groupplace from safe_erase_owner;
grant delete, select on safety_support_groupplace to safe_erase_owner;
drop policy if exists erase on safety_support_groupplace;
create policy erase on safety_support_groupplace for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_interpreteruse from safe_erase_owner;
grant delete, select on safety_support_interpreteruse to safe_erase_owner;
drop policy if exists erase on safety_support_interpreteruse;
create policy erase on safety_support_interpreteruse for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_onwardreferral from safe_erase_owner;
grant delete, select on safety_support_onwardreferral to safe_erase_owner;
drop policy if exists erase on safety_support_onwardreferral;
create policy erase on safety_support_onwardreferral for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_partnercircumstances from safe_erase_owner;
grant delete, select on safety_support_partnercircumstances to safe_erase_owner;
drop policy if exists erase on safety_support_partnercircumstances;
create policy erase on safety_support_partnercircumstances for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_partnerneed from safe_erase_owner;
grant delete, select on safety_support_partnerneed to safe_erase_owner;
drop policy if exists erase on safety_support_partnerneed;
create policy erase on safety_support_partnerneed for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_periodextension from safe_erase_owner;
grant delete, select on safety_support_periodextension to safe_erase_owner;
drop policy if exists erase on safety_support_periodextension;
create policy erase on safety_support_periodextension for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_permission from safe_erase_owner;
grant delete, select on safety_support_permission to safe_erase_owner;
drop policy if exists erase on safety_support_permission;
create policy erase on safety_support_permission for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_planstep from safe_erase_owner;
grant delete, select on safety_support_planstep to safe_erase_owner;
drop policy if exists erase on safety_support_planstep;
create policy erase on safety_support_planstep for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_safetyplan from safe_erase_owner;
grant delete, select on safety_support_safetyplan to safe_erase_owner;
drop policy if exists erase on safety_support_safetyplan;
create policy erase on safety_support_safetyplan for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_safetyplancopy from safe_erase_owner;
grant delete, select on safety_support_safetyplancopy to safe_erase_owner;
drop policy if exists erase on safety_support_safetyplancopy;
create policy erase on safety_support_safetyplancopy for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_supportperiod from safe_erase_owner;
grant delete, select on safety_support_supportperiod to safe_erase_owner;
drop policy if exists erase on safety_support_supportperiod;
create policy erase on safety_support_supportperiod for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_supportplan from safe_erase_owner;
grant delete, select on safety_support_supportplan to safe_erase_owner;
drop policy if exists erase on safety_support_supportplan;
create policy erase on safety_support_supportplan for all to safe_erase_owner using (true) with check (true);

revoke all on safety_support_supportsession from safe_erase_owner;
grant delete, select, update on safety_support_supportsession to safe_erase_owner;
drop policy if exists erase on safety_support_supportsession;
create policy erase on safety_support_supportsession for all to safe_erase_owner using (true) with check (true);

grant usage on schema public to safe_erase_owner;
grant create, usage on schema app to safe_erase_owner;
grant execute on function app.worker(), app.my_compartments(), app.is_system() to safe_erase_owner;
set role safe_erase_owner;

drop function if exists app.erase_partner_file(uuid);
create function app.erase_partner_file(the_file uuid) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    all_gone uuid[] := '{}';
    the_person uuid;
begin
    delete from public.safety_intake_outboxitem where id in (select item from public.safety_coordination_disclosure where file_id = the_file);
    delete from public.safety_asking_slot where id in (select slot_id from public.safety_asking_asking where file_id = the_file);
    delete from public.safety_intake_intakereferral where partner_file_id = the_file and client_item is null;
    update public.safety_intake_intakereferral set partner_file_id = null, partner_fingerprint = null, circumstances = null, children = '' where partner_file_id = the_file;
    select partner_id into the_person from public.safety_partners_partnerfile where id = the_file;
    update public.safety_children_childadult set on_file_id = null where on_file_id = the_file and (file_id = the_file) is not true;
    update public.safety_children_childconsent set adult_id = null where adult_id in (select id from public.safety_children_childadult where file_id = the_file);
    update public.safety_children_childsafeguarding set on_file_id = null where on_file_id = the_file;
    update public.safety_coordination_disclosure set permission_id = null where permission_id in (select id from public.safety_coordination_partnerpermission where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_incidents_sufferedincident set corrects_id = null where corrects_id in (select id from public.safety_incidents_sufferedincident where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_partners_thingtold set contact_id = null where contact_id in (select id from public.safety_partners_partnercontact where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_risk_dangersignal set task_id = null where task_id in (select id from public.safety_partners_partnertask where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_risk_risktrigger set answered_by_id = null where answered_by_id in (select id from public.safety_risk_riskreview where file_id = the_file or risk_id in (select id from public.safety_risk_jointrisk where file_id = the_file)) and (file_id = the_file or risk_id in (select id from public.safety_risk_jointrisk where file_id = the_file)) is not true;
    update public.safety_sending_message set override_id = null where override_id in (select id from public.safety_sending_override where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_sharing_safetyreport set replaces_id = null where replaces_id in (select id from public.safety_sharing_safetyreport where file_id = the_file) and (file_id = the_file) is not true;
    update public.safety_support_groupmeeting set booking_id = null where booking_id in (select id from public.safety_bookings_booking where file_id = the_file);
    update public.safety_support_supportsession set corrects_id = null where corrects_id in (select id from public.safety_support_supportsession where file_id = the_file) and (file_id = the_file) is not true;
    with rows as (delete from public.safety_access_outofturn where file = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_asking_answeredpage where file_id = the_file or asking_id in (select id from public.safety_asking_asking where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_asking_asking where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_bookings_bookingplace where file_id = the_file or booking_id in (select id from public.safety_bookings_booking where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_bookings_booking where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_arrangement where adult_id in (select id from public.safety_children_childadult where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childadult where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_filechildren where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_conferences_conferenceaction where file_id = the_file or hearing_id in (select id from public.safety_conferences_hearing where file_id = the_file or referral_id in (select id from public.safety_conferences_conferencereferral where file_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_conferences_research where file_id = the_file or hearing_id in (select id from public.safety_conferences_hearing where file_id = the_file or referral_id in (select id from public.safety_conferences_conferencereferral where file_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_conferences_hearing where file_id = the_file or referral_id in (select id from public.safety_conferences_conferencereferral where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_conferences_conferencereferral where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_coordination_approval where disclosure_id in (select id from public.safety_coordination_disclosure where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_coordination_disclosure where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_coordination_opened where thing_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_coordination_partnerpermission where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_details_formerdetail where file_id = the_file or change_id in (select id from public.safety_details_detailchange where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_details_detailchange where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_authoritytold where file_id = the_file or report_id in (select id from public.safety_incidents_violencereport where file_id = the_file or incident_id in (select id from public.safety_incidents_sufferedincident where file_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_fileasked where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_filecourtday where file_id = the_file or proceeding_id in (select id from public.safety_incidents_fileproceeding where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_fileproceeding where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_trytotell where file_id = the_file or report_id in (select id from public.safety_incidents_violencereport where file_id = the_file or incident_id in (select id from public.safety_incidents_sufferedincident where file_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_violencereport where file_id = the_file or incident_id in (select id from public.safety_incidents_sufferedincident where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_sufferedincident where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_meetings_extract where item_id in (select id from public.safety_meetings_agendaitem where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_meetings_meetingaction where item_id in (select id from public.safety_meetings_agendaitem where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_meetings_agendaitem where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_earlierscaleanswer where file_id = the_file or answer_id in (select id from public.safety_partners_scaleanswer where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_filelink where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_partnercontact where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_partnertask where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_reveal where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_safecontact where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_scaleanswer where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_thingtold where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_complaint where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_filerestriction where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_filestatement where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsreview where item_id in (select id from public.safety_rights_rightsitem where record_id = the_file or request_id in (select id from public.safety_rights_rightscase where file_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsitem where record_id = the_file or request_id in (select id from public.safety_rights_rightscase where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsreply where request_id in (select id from public.safety_rights_rightscase where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightscase where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_dangersignal where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_riskaction where file_id = the_file or risk_id in (select id from public.safety_risk_jointrisk where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_riskreview where file_id = the_file or risk_id in (select id from public.safety_risk_jointrisk where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_risktrigger where file_id = the_file or risk_id in (select id from public.safety_risk_jointrisk where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_jointrisk where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_vulnerabilityassessment where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_roles_roleincident where assessment_id in (select id from public.safety_roles_roleassessment where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_roles_roleworking where assessment_id in (select id from public.safety_roles_roleassessment where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_roles_roleassessment where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sending_message where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sending_override where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_agencymessage where file_id = the_file or share_id in (select id from public.safety_sharing_share where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_safetyreportfile where report_id in (select id from public.safety_sharing_safetyreport where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_safetyreport where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_share where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_studyconsent where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_expectation where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_filestanding where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_groupattendance where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_groupplace where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_interpreteruse where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_onwardreferral where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_partnercircumstances where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_partnerneed where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_periodextension where file_id = the_file or period_id in (select id from public.safety_support_supportperiod where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_permission where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_planstep where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_safetyplancopy where file_id = the_file or plan_id in (select id from public.safety_support_safetyplan where file_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_safetyplan where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_supportperiod where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_supportplan where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_support_supportsession where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_retention_legalhold where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_partners_partnerfile where id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    if not exists (select from public.safety_partners_partnerfile where partner_id = the_person) then
        with rows as (delete from public.safety_access_exclusion where person = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        with rows as (delete from public.safety_partners_partnertoken where partner_id = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        with rows as (delete from public.safety_partners_partner where id = the_person returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    end if;
    return all_gone;
end $$;
revoke execute on function app.erase_partner_file(uuid) from public;
grant execute on function app.erase_partner_file(uuid) to safe_owner;

drop function if exists app.erase_child(uuid);
create function app.erase_child(the_file uuid) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    all_gone uuid[] := '{}';
    the_person uuid;
begin
    delete from public.safety_children_childsession where group_id is null and id in (select session_id from public.safety_children_childattendance where support_id in (select id from public.safety_children_childsupport where child_id = the_file)) and id not in (select session_id from public.safety_children_childattendance where id not in (select id from public.safety_children_childattendance where support_id in (select id from public.safety_children_childsupport where child_id = the_file)));
    delete from public.safety_bookings_booking where child_id = the_file and file_id is null;
    update public.safety_bookings_booking set child_id = null where child_id = the_file;
    update public.safety_children_child set same_as_id = null where same_as_id = the_file and (id = the_file) is not true;
    update public.safety_children_childconsent set adult_id = null where adult_id in (select id from public.safety_children_childadult where child_id = the_file) and (support_id in (select id from public.safety_children_childsupport where child_id = the_file)) is not true;
    update public.safety_incidents_childincident set corrects_id = null where corrects_id in (select id from public.safety_incidents_childincident where child_id = the_file) and (child_id = the_file) is not true;
    update public.safety_sharing_safetyreport set replaces_id = null where replaces_id in (select id from public.safety_sharing_safetyreport where child_id = the_file) and (child_id = the_file) is not true;
    with rows as (delete from public.safety_access_exclusion where person = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_access_outofturn where file = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_arrangement where child_id = the_file or adult_id in (select id from public.safety_children_childadult where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childadult where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childsafeguarding where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childattendance where support_id in (select id from public.safety_children_childsupport where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childconsent where support_id in (select id from public.safety_children_childsupport where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childgoal where support_id in (select id from public.safety_children_childsupport where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_groupchild where support_id in (select id from public.safety_children_childsupport where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childsupport where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_childtoken where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_planstatus where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_incidents_childincident where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_meetings_extract where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsreview where item_id in (select id from public.safety_rights_rightsitem where record_id = the_file or request_id in (select id from public.safety_rights_rightscase where child_id = the_file)) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsitem where record_id = the_file or request_id in (select id from public.safety_rights_rightscase where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightsreply where request_id in (select id from public.safety_rights_rightscase where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_rights_rightscase where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_risk_dangersignal where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_agencymessage where child_id = the_file or share_id in (select id from public.safety_sharing_share where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_safetyreportfile where report_id in (select id from public.safety_sharing_safetyreport where child_id = the_file) returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_safetyreport where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_sharing_share where child_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_coordination_opened where thing_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_retention_legalhold where file_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_children_child where id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    return all_gone;
end $$;
revoke execute on function app.erase_child(uuid) from public;
grant execute on function app.erase_child(uuid) to safe_owner;

drop function if exists app.forget_case(uuid, boolean);
create function app.forget_case(the_file uuid, wholly boolean) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    all_gone uuid[] := '{}';
    the_referral uuid;
begin
    if not app.is_system() then
        raise exception 'only the background work forgets' using errcode = '42501';
    end if;
    with rows as (delete from public.safety_pulled_pulledappointment where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledattendance where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledchild where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledcourse where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulleddeclaration where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledfamilystatement where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledincident where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledproceeding where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledrisk where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    with rows as (delete from public.safety_pulled_pulledsuitability where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    delete from public.safety_intake_referrermessage where reference = left(the_file::text, 8);
    delete from public.safety_partners_partnertask where case_id = the_file and file_id is null;
    if wholly then
        with rows as (delete from public.safety_pulled_casetoken where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        with rows as (delete from public.safety_pulled_pulledsafeguarding where case_id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
        select referral_id into the_referral from public.safety_pulled_pulledcase where id = the_file;
        delete from public.safety_intake_outboxitem where id = the_referral and sent_at is not null;
        delete from public.safety_intake_intakereferral where client_item = the_referral and partner_file_id is null;
        update public.safety_intake_intakereferral set client_item = null, client_fingerprint = null where client_item = the_referral;
        with rows as (delete from public.safety_pulled_pulledcase where id = the_file returning id) select all_gone || coalesce(array_agg(id), '{}') into all_gone from rows;
    end if;
    return all_gone;
end $$;
revoke execute on function app.forget_case(uuid, boolean) from public;
grant execute on function app.forget_case(uuid, boolean) to safe_app;

drop function if exists app.carry_out(uuid);
create function app.carry_out(deletion uuid) returns uuid[] language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
    the_row record;
    all_gone uuid[];
begin
    select * into the_row from public.safety_retention_deletion where id = deletion for update;
    if the_row.id is null or the_row.file_id is null or the_row.done_at is not null
        or the_row.refused_at is not null
        or the_row.approved_by is null or the_row.approved_by = the_row.decided_by
        or the_row.approved_by is distinct from app.worker()
        or not the_row.compartment = any (app.my_compartments()) then
        raise exception 'this deletion was not decided by two people' using errcode = '42501';
    end if;
    if exists (select from public.safety_retention_legalhold where file_id = the_row.file_id and lifted_at is null) then
        raise exception 'this file is held' using errcode = '42501';
    end if;
    if the_row.kind = 'partner_file' and not exists (select from public.safety_partners_partnerfile where id = the_row.file_id and compartment = the_row.compartment) then
        raise exception 'no such file' using errcode = '42501';
    end if;
    if the_row.kind = 'child' and not exists (select from public.safety_children_child where id = the_row.file_id and compartment = the_row.compartment) then
        raise exception 'no such file' using errcode = '42501';
    end if;
    all_gone := case the_row.kind
        when 'partner_file' then app.erase_partner_file(the_row.file_id)
        when 'child' then app.erase_child(the_row.file_id) end;
    update public.safety_retention_deletion set file_id = null, done_at = clock_timestamp() where id = deletion;
    return all_gone;
end $$;
revoke execute on function app.carry_out(uuid) from public;
grant execute on function app.carry_out(uuid) to safe_app;

reset role;
revoke create on schema app from safe_erase_owner;
