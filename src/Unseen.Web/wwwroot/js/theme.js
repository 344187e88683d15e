// Before the first paint, hence no module: the theme that was chosen last time.
(function () {
  const themes = ['system', 'light', 'dark'];

  function stored() {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null;                      // storage may be forbidden; then the theme lasts as long as the page
    }
  }

  function apply(theme) {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const button = document.getElementById('theme');
    if (button) button.textContent = `Theme: ${theme}`;
  }

  let current = themes.includes(stored()) ? stored() : 'system';
  apply(current);
  document.addEventListener('DOMContentLoaded', () => {
    apply(current);
    document.getElementById('theme').addEventListener('click', () => {
      current = themes[(themes.indexOf(current) + 1) % themes.length];
      apply(current);
      try {
        localStorage.setItem('theme', current);
      } catch {
        // as above
      }
    });
  });
})();
