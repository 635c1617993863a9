// Reads calendars with ical.js and prints what it understood, as JSON: one list a file.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;

function read(path) {
  const around = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  for (const zone of around.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  return around.getAllSubcomponents("vevent").map((component) => {
    const entry = new ICAL.Event(component);
    return {
      uid: entry.uid,
      sequence: entry.sequence,
      summary: entry.summary,
      description: entry.description,
      location: entry.location,
      starts: moment(entry.startDate),
      ends: moment(entry.endDate),
      status: component.getFirstPropertyValue("status"),
    };
  });
}

function moment(at) {
  return at.isDate ? at.toString() : at.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

console.log(JSON.stringify(process.argv.slice(2).map(read)));
