// No validator: it is a service on another host. Keys are not kept: they are gone with the page.
SwaggerUIBundle({
  url: "/openapi/v1.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
});
