// Asks the browser for a passkey, and sends what its authenticator signed with the form that asked.
const from = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const to = (bytes) => bytes && btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: from(one.id) }));
const words = {
  NotAllowedError: "La clé d’accès n’a pas été donnée, ou le temps a passé\u00a0: recommencez quand vous l’avez sous la main.",
  InvalidStateError: "Cet appareil a déjà une clé d’accès pour votre compte\u00a0: ajoutez-en une d’un autre appareil.",
  SecurityError: "Les clés d’accès ne valent qu’à l’adresse habituelle de ce site\u00a0: vérifiez celle que le navigateur montre.",
  TypeError: "La connexion est coupée\u00a0: vérifiez-la, puis recommencez.",
};
let pending;

async function signed(form, mediation) {
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  const answer = await fetch(`${form.action}/defi`, { method: "POST", headers: { accept: "application/json" }, signal });
  const { challenge, publicKey, said } = await answer.json();
  if (!answer.ok) throw { said };
  publicKey.challenge = from(publicKey.challenge);
  publicKey.allowCredentials = named(publicKey.allowCredentials);
  publicKey.excludeCredentials = named(publicKey.excludeCredentials);
  if (publicKey.user) publicKey.user.id = from(publicKey.user.id);
  const made = publicKey.user
    ? await navigator.credentials.create({ publicKey, signal })
    : await navigator.credentials.get({ publicKey, signal, mediation });
  const { attestationObject, authenticatorData, clientDataJSON, signature, userHandle } = made.response;
  const response = publicKey.user
    ? { attestationObject: to(attestationObject), clientDataJSON: to(clientDataJSON), transports: made.response.getTransports?.() }
    : { authenticatorData: to(authenticatorData), clientDataJSON: to(clientDataJSON), signature: to(signature), userHandle: to(userHandle) };
  form.elements.challenge.value = challenge;
  form.elements.credential.value = JSON.stringify({ id: made.id, rawId: to(made.rawId), type: made.type, response });
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = form.querySelector("[role=alert]");
  form.hidden = false;
  if (!window.PublicKeyCredential) {
    form.querySelector("button").disabled = true;
    told.textContent = "Ce navigateur ne connaît pas les clés d’accès\u00a0: mettez-le à jour, ou utilisez l’autre moyen de cette page.";
    continue;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.textContent = "";
    signed(form).catch((error) => {
      if (error.name !== "AbortError") told.textContent = error.said ?? words[error.name] ?? "La clé d’accès n’a pas fonctionné\u00a0: recommencez.";
    });
  });
  // Browsers that can offer it among the addresses that they know, in the field of the address.
  if (form.dataset.passkey === "offered" && (await PublicKeyCredential.isConditionalMediationAvailable?.())) {
    signed(form, "conditional").catch(() => {});
  }
}
