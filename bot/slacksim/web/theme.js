// Sets light or dark before the first paint; a classic script, as modules run too late for that.
(() => {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => localStorage.getItem("theme") || "";
  const apply = () => {
    document.documentElement.dataset.theme = wanted() || (media.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themechange"));
  };
  media.addEventListener("change", apply);
  window.theme = {
    current: () => document.documentElement.dataset.theme,
    set(name) {
      localStorage.setItem("theme", name);
      apply();
    },
  };
  apply();
})();
