// At CloudFront's edge, before S3 is asked and after it has answered (infra/edge.py fills PAGES).
// S3 does not know that /panel/ is panel/index.html, and says 403 in XML to what is not there;
// an answer of 403 reaches no function, so an unknown page is known here, before it is asked for.
const PAGES = [];

function handler(event) {
  const path = event.request.uri.replace(/index\.html$/, '');
  const language = (/^\/(en|pt)(?=\/)/.exec(path) || [''])[0];
  const file = path.slice(path.lastIndexOf('/') + 1);
  const unknown = file === '' && !PAGES.includes(path.slice(language.length));
  if (event.response) {
    if (unknown || file === '404.html') {
      event.response.statusCode = 404;
      event.response.statusDescription = 'Not Found';
    }
    return event.response;
  }
  if (unknown) {
    event.request.uri = `${language}/404.html`;
  } else if (file === '') {
    event.request.uri = `${path}index.html`;
  } else if (!file.includes('.')) {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: { location: { value: `${path}/` } },
    };
  }
  return event.request;
}
