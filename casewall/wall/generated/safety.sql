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
grant select (id, compartment, file_id, case_id, other_case_id, purpose, ground, other_sources, state, asked_by, asked_at, release_at, item) on safety_coordination_disclosure to safe_report;
drop policy if exists report on safety_coordination_disclosure;
create policy report on safety_coordination_disclosure for select to safe_report using (true);

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

-- safety_partners_filelink
revoke all on safety_partners_filelink from safe_app, safe_report;
grant select, insert, update on safety_partners_filelink to safe_app;
alter table safety_partners_filelink enable row level security;
alter table safety_partners_filelink force row level security;
drop policy if exists wall on safety_partners_filelink;
create policy wall on safety_partners_filelink for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, case_id, origin, linked_on, ended_on, worker) on safety_partners_filelink to safe_report;
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
grant select (id, compartment, partner_id, service, route, referred_on, relation, contact, worker, next_action, next_action_on, last_contact_on, support_until, closed_on, withdrawn_on, version) on safety_partners_partnerfile to safe_report;
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
grant select (id, compartment, file_id, case_id, kind, due_on, done_on, done_by) on safety_partners_partnertask to safe_report;
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

-- safety_partners_safecontact
revoke all on safety_partners_safecontact from safe_app, safe_report;
grant select, insert, update on safety_partners_safecontact to safe_app;
alter table safety_partners_safecontact enable row level security;
alter table safety_partners_safecontact force row level security;
drop policy if exists wall on safety_partners_safecontact;
create policy wall on safety_partners_safecontact for all to safe_app
    using (compartment = any ((select app.my_compartments())::int[]))
    with check (compartment = any ((select app.my_compartments())::int[]));
grant select (id, compartment, file_id, channel, is_safe, from_time, to_time, voicemail, confirmed_on, review_on, worker, version) on safety_partners_safecontact to safe_report;
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
grant select (id, compartment, file_id, measure, measure_version, wave, due_on, answered_on, score, answered_items, items, scorer_version, mode, language, present, not_answered, worker) on safety_partners_scaleanswer to safe_report;
drop policy if exists report on safety_partners_scaleanswer;
create policy report on safety_partners_scaleanswer for select to safe_report using (true);

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
grant select (id, compartment, source_version, as_of, case_id, decision, decided_on, review_on) on safety_pulled_pulledsuitability to safe_report;
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
