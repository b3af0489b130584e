// On a phone, marks which half of the page is being read in the switch at its foot (nav.fold).

const links = [...document.querySelectorAll(".fold a[href^='#']")];

// The half that crosses the middle of the window is the one being read.
const reading = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const link = links.find((link) => link.hash === `#${target.id}`);
    if (isIntersecting) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}, { rootMargin: "-50% 0px -50% 0px" });

for (const link of links) {
  const half = document.getElementById(link.hash.slice(1));
  if (half) reading.observe(half);
}
