// The checkpoint switches without a round trip. The server draws the same states; what is
// shown hangs on data-blocked of the picture and on which of the prepared sentences is hidden.

/** Return the proteins that a control blocks. */
function targetsOf(control) {
  return control.dataset.targets.split(" ").filter(Boolean);
}

/** Make one picture live: choosing a medicine or pressing a switch shows its state. */
export function bringToLife(root) {
  const scene = root.querySelector("[data-scene]");
  const choices = [...root.querySelectorAll("input[name=medicine]")];
  const switches = [...root.querySelectorAll("[data-switch]")];

  function show(blocked, medicine) {
    scene.dataset.blocked = blocked.join(" ");
    for (const line of root.querySelectorAll("[data-medicine]")) {
      line.hidden = line.dataset.medicine !== medicine;
    }
    for (const control of switches) {
      const open = targetsOf(control).some((target) => blocked.includes(target));
      control.setAttribute("aria-checked", String(open));
      for (const line of root.querySelectorAll(`[data-of="${control.dataset.switch}"]`)) {
        line.hidden = (line.dataset.when === "blocked") !== open;
      }
    }
  }

  function flip(control) {
    const flipped = (each) => (each.getAttribute("aria-checked") === "true") !== (each === control);
    choices[0].checked = true;
    show(switches.filter(flipped).map((each) => targetsOf(each)[0]), "");
  }

  for (const choice of choices) {
    choice.addEventListener("change", () => show(targetsOf(choice), choice.value));
  }
  for (const control of switches) {
    control.addEventListener("click", (event) => {
      event.preventDefault();
      flip(control);
    });
  }
  for (const button of root.querySelectorAll("[data-without-script]")) button.hidden = true;
}

for (const root of document.querySelectorAll("[data-checkpoints]")) bringToLife(root);
