// What is wrong with a template, or with what it is given.

export class TemplateError extends Error {}

/** kubectl's name of the template that -o go-template gives. */
export const TEMPLATE_NAME = 'output';
