"""The forms as somebody fills them in. The people are invented."""

SELF = {
    "form_id": "4f1d8a0e-2b1c-4c8e-9d6f-0a5b7c3e2d11",
    "given_name": "Aksel", "family_name": "Opdigtet", "phone": "20 00 00 01",
    "email": "aksel@example.invalid", "address": "", "language": "Dansk",
    "born_on_day": "17", "born_on_month": "5", "born_on_year": "1988", "sex": "male",
    "text": "I shouted and I broke a door.\r\nI want it to stop.", "agree": "on",
}
WORK = {
    "form_id": "c0a1f3de-77aa-4f0e-8f6f-5b7a3c2d1e00",
    "referrer_agency": "Fjordby Politikreds", "referrer_name": "Invented Officer",
    "referrer_email": "Referrer@example.invalid",
    "route": "police", "reference": "0800-77",
    "client_given_name": "Aksel", "client_family_name": "Opdigtet",
    "client_born_on_day": "17", "client_born_on_month": "5", "client_born_on_year": "1988",
    "client_sex": "male", "client_phone": "20 00 00 01", "client_consent": "yes",
    "client_text": "WORD-FOR-THE-CLIENT",
    "partner_given_name": "Benedikte", "partner_family_name": "Fiktivsen",
    "partner_relation": "former", "partner_sex": "female", "partner_safe_phone": "20 00 00 02",
    "partner_safe_to_call": "yes", "partner_safe_times": "before 15.00",
    "incident_on_day": "1", "incident_on_month": "2", "incident_on_year": "2026",
    "children_count": "2", "known_orders": "", "notes": "WORD-THAT-STAYS-UP",
}
MESSAGE = {
    "form_id": "9b7e1c52-6a0d-4b43-8f0e-1d2c3b4a5e6f",
    "sender_name": "Invented Officer", "sender_email": "referrer@example.invalid",
    "reference": "0a1B 2c3d", "text": "WORD-OF-THE-REFERRER\r\nOn two lines.",
}
