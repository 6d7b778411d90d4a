// Azurite loads its telemetry also where that is off: 2,800 of 3,300 files, and two thirds of
// what it computes at its start. It asks nothing of the module until telemetry is set up.
const Module = require("node:module");
const load = Module._load;
Module._load = function (request, ...rest) {
  return request === "applicationinsights" ? {} : load.call(this, request, ...rest);
};

// Whatever ends the server, a kill -9 too, closes the pipe that this reads; Azurite then saves.
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
