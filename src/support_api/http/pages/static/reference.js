/* The API reference: Swagger UI on the contract of this very service.

   What differs from its own layout is for people who use a keyboard or a screen reader, and to leave out what one
   service with one address does not need. Only documented ways: a plugin with a layout and wrapped components. */
"use strict";

const place = document.getElementById("reference");

const house = ({ React }) => {
  const h = React.createElement;

  const Layout = ({ getComponent, specSelectors }) => {
    const [Info, Authorize, Operations, Errors, Filter] = [
      getComponent("InfoContainer", true),
      getComponent("AuthorizeBtnContainer", true),
      getComponent("operations", true),
      getComponent("errors", true),
      getComponent("FilterContainer", true),
    ];
    if (!specSelectors.specStr()) return h("p", { role: "status" }, "Reading the contract …");
    return h("div", { className: "swagger-ui" },
      h(Errors),
      h(Info),
      h("div", { className: "token-bar" }, h(Authorize)),
      h("h2", { id: "operations", tabIndex: -1 }, "Operations"),
      h(Filter),
      h(Operations));
  };

  // A link inside a button can be reached by nobody; the button itself opens the operation.
  const DeepLink = () => ({ text, children }) => h("span", null, text || children);

  // Nearly every operation has the same dozen errors: each is one line until it is asked for.
  const response = (Original) => (props) => {
    const [open, setOpen] = React.useState(false);
    if (props.code < "400") return h(Original, props);
    const told = props.response?.get("description") || "";
    const title = (told.match(/`\w+`/g) || [told]).join(", ").replaceAll("`", "");
    const toggle = h("button", { className: "fold", "aria-expanded": open, onClick: () => setOpen(!open) }, title);
    const line = h("tr", { className: "folded" },
      h("td", { className: "response-col_status" }, props.code),
      h("td", { className: "response-col_description", colSpan: 2 }, toggle));
    return h(React.Fragment, null, line, open && h(Original, props));
  };

  return { components: { HouseLayout: Layout }, wrapComponents: { DeepLink, response } };
};

const show = (contract) => {
  // Requests go to where this page came from, whichever name that has.
  contract.servers = [{ url: place.dataset.base }];
  window.ui = SwaggerUIBundle({
    spec: contract,
    domNode: place,
    plugins: [house],
    layout: "HouseLayout",
    deepLinking: true,
    docExpansion: "list",
    displayOperationId: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: -1,
    queryConfigEnabled: false,
    validatorUrl: null,
    persistAuthorization: false,
    syntaxHighlight: false,
  });
};

fetch(place.dataset.contract)
  .then((answer) => answer.json())
  .then(show)
  .catch(() => {
    place.textContent = "The contract could not be read. Reload the page to try again.";
  });
