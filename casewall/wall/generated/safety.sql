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
grant select (id, compartment, file_id, child_id, service, kind, channel, place, room_id, worker, starts_at, minutes, state, moved_from, booked_by, version) on safety_bookings_booking to safe_report;
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
grant select (id, compartment, file_id, case_id, other_case_id, purpose, ground, other_sources, state, asked_by, asked_at, release_at, item, permission_id, in_danger, review, review_due_at, reviewed_by, reviewed_at) on safety_coordination_disclosure to safe_report;
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
