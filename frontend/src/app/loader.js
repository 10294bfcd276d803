import init, * as islands from "{js}";
// A build may number an island otherwise than the server did: its name is enough then.
const named = (id) => islands[id] ?? islands[Object.keys(islands).find((key) => key.replace(/_\d+$/, "") === id.replace(/_\d+$/, ""))];
const around = [];
async function wake(node) {
  const island = node.localName === "leptos-island";
  const children = node.localName === "leptos-children";
  if (island) {
    around.at(-1)?.();
    await named(node.dataset.component)?.(node);
  }
  if (children) around.push(node.$$on_hydrate);
  for (const child of [...node.children]) await wake(child);
  if (children) around.pop();
}
// A network that comes or goes cuts what is being loaded.
async function load(tries) {
  try {
    await init({ module_or_path: "{wasm}" });
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((again) => setTimeout(again, 1000));
    await load(tries - 1);
  }
}
await load(5);
islands.hydrate();
await wake(document.body);
