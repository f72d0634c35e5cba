// Asks the browser for a passkey when a form that needs one is sent, and sends its answer with it.
// Without this script, or where the browser has no passkeys, the page says which other way there is.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));

async function create(options) {
  const made = await navigator.credentials.create({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  } });
  return { made, response: { attestationObject: toText(made.response.attestationObject) } };
}

async function use(options) {
  const made = await navigator.credentials.get({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  } });
  const { authenticatorData, signature, userHandle } = made.response;
  return { made, response: {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  } };
}

async function answer(options) {
  const { made, response } = await (options.user ? create(options) : use(options));
  return JSON.stringify({
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: { ...response, clientDataJSON: toText(made.response.clientDataJSON) },
  });
}

for (const form of document.querySelectorAll("form[data-casewall-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) break;
  const fault = form.querySelector("[data-casewall-passkey-fault]");
  const button = form.querySelector("button[type=submit]");
  form.querySelector("[data-casewall-passkey-none]").hidden = true;
  form.querySelector("[data-casewall-passkey-button]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    fault.hidden = true;
    try {
      const { publicKey } = JSON.parse(form.dataset.casewallPasskey);
      form.elements.credential.value = await answer(publicKey);
      form.submit();
    } catch {
      fault.hidden = false;
      button.disabled = false;
    }
  });
}
