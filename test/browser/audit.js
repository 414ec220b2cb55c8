// Runs in the tester's hand, not in the page: what a person with poor sight, a
// thumb or a keyboard would stumble over. Gives a list of complaints.
(() => {
  const bad = [];
  // The desk's pages are dense: no footer, and letters of 16 where a phone's have 17.
  const desk = location.pathname.startsWith('/desk');
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' "' + (e.textContent || '').trim().slice(0, 30) + '"';
  const shown = e => {
    for (let p = e; p && p.nodeType === 1; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (s.display === 'none' || s.visibility === 'hidden') return false;
      if (p.matches('.v, .skip')) return false;
    }
    return e.getClientRects().length > 0;
  };

  // Nothing runs over the edge.
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) bad.push('scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + wide);
  for (const e of document.querySelectorAll('body *')) {
    if (!shown(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.width && (r.right > wide + 1 || r.left < -1)) bad.push('over the edge: ' + name(e));
  }

  // Targets for a thumb. A link inside a sentence is as high as its line.
  for (const e of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    if (!shown(e) || e.type === 'hidden') continue;
    let t = e;
    if (e.type === 'radio' || e.type === 'checkbox') t = e.closest('label');
    if (e.tagName === 'A' && e.closest('p') && e.closest('p').textContent.trim() !== e.textContent.trim()) continue;
    const r = t.getBoundingClientRect();
    if (r.height < 44 || r.width < 44) bad.push('small target ' + Math.round(r.width) + 'x' + Math.round(r.height) + ': ' + name(e));
  }

  // Every field has a name; every description exists; ids are there once.
  for (const e of document.querySelectorAll('input, select, textarea')) {
    if (e.type === 'hidden' || !shown(e)) continue;
    const by = e.getAttribute('aria-labelledby');
    const label = e.labels && e.labels.length ? e.labels[0].textContent.trim() : '';
    if (!label && !(by && document.getElementById(by))) bad.push('field without a name: ' + name(e));
  }
  for (const attr of ['aria-describedby', 'aria-labelledby', 'for', 'form'])
    for (const e of document.querySelectorAll('[' + attr + ']'))
      for (const id of e.getAttribute(attr).split(/\s+/))
        if (!document.getElementById(id)) bad.push(attr + ' points nowhere: ' + id);
  const ids = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (ids.has(e.id)) bad.push('id twice: ' + e.id);
    ids.add(e.id);
  }
  for (const e of document.querySelectorAll('fieldset')) if (!e.querySelector('legend')) bad.push('fieldset without a legend');

  // One h1, no level left out, landmarks, a language, a title.
  const heads = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);
  if (heads.filter(h => h === 1).length !== 1) bad.push('not one h1 but ' + heads.filter(h => h === 1).length);
  heads.forEach((h, i) => { if (i === 0 ? h !== 1 : h > heads[i - 1] + 1) bad.push('heading level left out: h' + h); });
  for (const l of desk ? ['main'] : ['main', 'header', 'footer', 'nav']) if (!document.querySelector(l)) bad.push('no ' + l);
  if (!document.documentElement.lang) bad.push('no language');
  if (!document.title) bad.push('no title');

  // Contrast: 7 for text people read, 4.5 for the rest.
  const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3); };
  const lum = c => { const v = c.map(x => { x /= 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const ground = e => { for (let p = e; p; p = p.parentElement) { const c = rgb(getComputedStyle(p).backgroundColor); if (c) return c; } return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(e) || !shown(e)) continue;
    seen.add(e);
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const c = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const need = e.closest('.soft, small, sup, .n, option, button, .leave') ? 4.5 : 7;
    if (c < need) bad.push('contrast ' + c.toFixed(2) + ' < ' + need + ': ' + name(e));
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (size < (e.closest('.soft, small, sup, .n, header, option') ? 12 : desk ? 16 : 17)) bad.push('small letters ' + size + ': ' + name(e));
  }
  return bad;
})()
