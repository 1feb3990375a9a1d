// Choosing a picture: the file is read here, cut to a square that the person sees and moves, and
// sent with its progress. The server draws it anew and decides what it accepts.
(() => {
  "use strict";
  const SIDE = 512;
  const NUDGE = 16;
  const crop = { picker: null, image: null, zoom: 1, x: 0, y: 0, request: null };
  const part = (name) => crop.picker.querySelector(`[data-crop-${name}]`);
  const say = (name) => crop.picker.dataset[name] ?? "";

  // The picture always covers the square, whatever the zoom.
  function place() {
    const { image, zoom } = crop;
    const scale = (SIDE / Math.min(image.width, image.height)) * zoom;
    const width = image.width * scale;
    const height = image.height * scale;
    crop.x = Math.min(0, Math.max(SIDE - width, crop.x));
    crop.y = Math.min(0, Math.max(SIDE - height, crop.y));
    const context = part("stage").querySelector("canvas").getContext("2d");
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(image, crop.x, crop.y, width, height);
  }

  function setZoom(value) {
    // Around the middle of what is seen.
    const ratio = value / crop.zoom;
    crop.x = SIDE / 2 - (SIDE / 2 - crop.x) * ratio;
    crop.y = SIDE / 2 - (SIDE / 2 - crop.y) * ratio;
    crop.zoom = value;
    place();
  }

  function complain(message) {
    part("error").textContent = message;
  }

  function busy(on) {
    part("progress").hidden = !on;
    part("use").disabled = on;
  }

  async function open(input) {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    crop.picker = input.closest("[data-picks-picture]");
    try {
      crop.image = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      window.loveChat.toast(say("unreadable"));
      return;
    }
    const { width, height } = crop.image;
    const scale = SIDE / Math.min(width, height);
    Object.assign(crop, { zoom: 1, x: (SIDE - width * scale) / 2, y: (SIDE - height * scale) / 2 });
    part("zoom").value = "1";
    complain("");
    busy(false);
    place();
    crop.picker.querySelector("dialog").showModal();
  }

  function ended() {
    let answer = {};
    try {
      answer = JSON.parse(crop.request.responseText);
    } catch {
      // Not ours: a proxy's page, perhaps.
    }
    busy(false);
    if (crop.request.status !== 200) return complain(answer.detail || window.loveChat.text("failed"));
    crop.picker.querySelector("dialog").close();
    window.loveChat.toast(say("done"));
    return document.getElementById(say("refreshes"))?.click();
  }

  function send() {
    busy(true);
    complain("");
    part("stage").querySelector("canvas").toBlob((blob) => {
      const form = new FormData();
      form.append("file", blob, "picture");
      const request = new XMLHttpRequest();
      crop.request = request;
      request.open("PATCH", say("address"));
      request.setRequestHeader("Accept-Language", document.documentElement.lang);
      request.upload.onprogress = (event) => {
        part("bar").value = event.total ? event.loaded / event.total : 0;
      };
      request.onload = ended;
      request.onerror = () => {
        busy(false);
        complain(window.loveChat.text("network"));
      };
      request.send(form);
    }, "image/webp", 0.92);
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-picks-picture] input[type=file]")) open(event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-crop-zoom]")) setZoom(Number(event.target.value));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-crop-use]")) send();
  });
  document.addEventListener("close", (event) => {
    if (event.target.closest?.("[data-picks-picture]")) crop.request?.abort();
  }, true);
  document.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!steps || !event.target.matches?.("[data-crop-stage]")) return;
    event.preventDefault();
    crop.x += steps[0] * NUDGE;
    crop.y += steps[1] * NUDGE;
    place();
  });

  let held = null;
  document.addEventListener("pointerdown", (event) => {
    const stage = event.target.closest?.("[data-crop-stage]");
    if (!stage) return;
    held = { x: event.clientX, y: event.clientY, ratio: SIDE / stage.clientWidth };
    stage.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    crop.x += (event.clientX - held.x) * held.ratio;
    crop.y += (event.clientY - held.y) * held.ratio;
    Object.assign(held, { x: event.clientX, y: event.clientY });
    place();
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => (held = null));
})();
