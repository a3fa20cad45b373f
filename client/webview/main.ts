// The results panel: what is shown, in which of its forms, under a line that says what it is.

import "katex/dist/katex.min.css";
import "./panel.css";
import { Header } from "./header";
import { Host } from "./host";
import { Stage } from "./stage";

const stage = new Stage();
const header = new Header((exhibit, format) => host.choose(exhibit, format));
document.body.append(header.element, stage.element);

const host: Host = new Host((showing) => {
  header.show(showing);
  stage.show(showing, (exhibit) => host.source(exhibit));
});
