// A drawn signature: strokes on a canvas, sent as an SVG path of whole pixels. Without this script
// the name is typed or the sheet is signed on paper.
(function () {
  "use strict";

  var WIDTH = 600;
  var HEIGHT = 200;
  var STEP = 2; // pixels that a stroke moves before another point is kept
  var LONGEST = 19000; // characters; the site takes 20,000

  function strokesOf(path) {
    return path
      .split("M")
      .filter(Boolean)
      .map(function (stroke) {
        return stroke.split("L").map(function (point) {
          return point.trim().split(" ").map(Number);
        });
      });
  }

  function pathOf(strokes) {
    return strokes
      .filter(function (stroke) {
        return stroke.length > 1;
      })
      .map(function (stroke) {
        return (
          "M" +
          stroke
            .map(function (point) {
              return point[0] + " " + point[1];
            })
            .join(" L")
        );
      })
      .join(" ");
  }

  function prepare(root) {
    var form = root.closest("form");
    var field = form && form.querySelector('input[name="path"]');
    var canvas = root.querySelector("canvas");
    if (!field || !canvas || !canvas.getContext) return;
    var pen = canvas.getContext("2d");
    var strokes = field.value ? strokesOf(field.value) : [];
    var drawing = false;

    function paint() {
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      pen.lineWidth = 3;
      pen.lineCap = "round";
      pen.lineJoin = "round";
      pen.strokeStyle = "#0b0c0c";
      strokes.forEach(function (stroke) {
        pen.beginPath();
        stroke.forEach(function (point, index) {
          if (index) pen.lineTo(point[0], point[1]);
          else pen.moveTo(point[0], point[1]);
        });
        pen.stroke();
      });
    }

    function place(event) {
      var box = canvas.getBoundingClientRect();
      var x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
      var y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
      return [Math.max(0, Math.min(WIDTH, x)), Math.max(0, Math.min(HEIGHT, y))];
    }

    canvas.addEventListener("pointerdown", function (event) {
      if (field.value.length > LONGEST) return;
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      strokes.push([place(event)]);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!drawing) return;
      var stroke = strokes[strokes.length - 1];
      var last = stroke[stroke.length - 1];
      var next = place(event);
      if (Math.abs(next[0] - last[0]) + Math.abs(next[1] - last[1]) < STEP) return;
      stroke.push(next);
      paint();
    });
    ["pointerup", "pointercancel"].forEach(function (kind) {
      canvas.addEventListener(kind, function () {
        if (!drawing) return;
        drawing = false;
        field.value = pathOf(strokes).slice(0, LONGEST + 900);
      });
    });
    root.querySelector("[data-casewall-signature-clear]").addEventListener("click", function () {
      strokes = [];
      field.value = "";
      paint();
    });

    // The pad is shown only while it is the chosen way.
    function follow() {
      var chosen = form.querySelector('input[name="how"]:checked');
      root.hidden = !chosen || chosen.value !== "screen";
    }
    form.addEventListener("change", follow);
    follow();
    paint();
  }

  document.querySelectorAll("[data-casewall-signature]").forEach(prepare);
})();
