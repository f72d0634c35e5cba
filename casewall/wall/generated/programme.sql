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

-- programme_cases_agreement
revoke all on programme_cases_agreement from prog_app, prog_report;
grant select, insert on programme_cases_agreement to prog_app;
alter table programme_cases_agreement enable row level security;
alter table programme_cases_agreement force row level security;
drop policy if exists wall on programme_cases_agreement;
create policy wall on programme_cases_agreement for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, signed_on, text_version, language, worker) on programme_cases_agreement to prog_report;
drop policy if exists report on programme_cases_agreement;
create policy report on programme_cases_agreement for select to prog_report using (true);

-- programme_cases_assessment
revoke all on programme_cases_assessment from prog_app, prog_report;
grant select, insert, update on programme_cases_assessment to prog_app;
alter table programme_cases_assessment enable row level security;
alter table programme_cases_assessment force row level security;
drop policy if exists wall on programme_cases_assessment;
create policy wall on programme_cases_assessment for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, booked_for, held_on, decision, worker) on programme_cases_assessment to prog_report;
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
grant select (id, compartment, case_id, came_from, went_to, moved_on, recorded_at, worker, reason) on programme_cases_stagemove to prog_report;
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

-- programme_groups_attendance
revoke all on programme_groups_attendance from prog_app, prog_report;
grant select, insert, update on programme_groups_attendance to prog_app;
alter table programme_groups_attendance enable row level security;
alter table programme_groups_attendance force row level security;
drop policy if exists wall on programme_groups_attendance;
create policy wall on programme_groups_attendance for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, case_id, session_id, outcome, minutes_attended, worker, recorded_at, version) on programme_groups_attendance to prog_report;
drop policy if exists report on programme_groups_attendance;
create policy report on programme_groups_attendance for select to prog_report using (true);

-- programme_groups_group
revoke all on programme_groups_group from prog_app, prog_report;
grant select, insert, update on programme_groups_group to prog_app;
alter table programme_groups_group enable row level security;
alter table programme_groups_group force row level security;
drop policy if exists wall on programme_groups_group;
create policy wall on programme_groups_group for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, service, component, starts_on, minutes, is_open) on programme_groups_group to prog_report;
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
grant select (id, compartment, group_id, worker) on programme_groups_groupfacilitator to prog_report;
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
grant select (id, compartment, case_id, group_id, joined_on, left_on) on programme_groups_groupmember to prog_report;
drop policy if exists report on programme_groups_groupmember;
create policy report on programme_groups_groupmember for select to prog_report using (true);

-- programme_groups_session
revoke all on programme_groups_session from prog_app, prog_report;
grant select, insert, update on programme_groups_session to prog_app;
alter table programme_groups_session enable row level security;
alter table programme_groups_session force row level security;
drop policy if exists wall on programme_groups_session;
create policy wall on programme_groups_session for all to prog_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, group_id, number, held_on, minutes, state, marked_at, marked_by, version) on programme_groups_session to prog_report;
drop policy if exists report on programme_groups_session;
create policy report on programme_groups_session for select to prog_report using (true);

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
grant select (id, group_id, number, held_on, minutes, state, version) on programme_groups_session to prog_flow_owner;
drop policy if exists flow on programme_groups_session;
create policy flow on programme_groups_session for select to prog_flow_owner using (true);
set role prog_flow_owner;
drop view if exists flow.flow_session;
create view flow.flow_session with (security_barrier = true) as
    select id, group_id, number, held_on, minutes, state, version from public.programme_groups_session;
grant select on flow.flow_session to prog_flow;
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
