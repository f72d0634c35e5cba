// "All attended" marks only those who are not marked yet, and says how many: a register that was
// filled in by hand is never overwritten by one press.
export function prepareRegisters(root) {
  for (const register of root.querySelectorAll("[data-casewall-register]")) {
    if (register.dataset.ready) continue;
    register.dataset.ready = "yes";
    const button = register.querySelector("[data-casewall-all]");
    const said = register.querySelector("[data-casewall-said]");
    const people = () => [...register.querySelectorAll("[data-casewall-person]")];
    const unmarked = () => people().filter((person) => !person.querySelector("input:checked"));

    const count = () => {
      const left = unmarked().length;
      said.textContent = said.dataset.marked
        .replace("%marked%", people().length - left)
        .replace("%all%", people().length);
    };

    if (button) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        for (const person of unmarked()) {
          const choice = person.querySelector(`input[value="${button.value}"]`);
          if (choice) choice.checked = true;
        }
        count();
      });
    }
    register.addEventListener("change", count);
    count();
  }
}
