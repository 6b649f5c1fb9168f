import js from '@eslint/js'
import globals from 'globals'

const NO_MARKUP_FROM_STRINGS = 'Markup comes from lit-html templates, never from strings.'

export default [
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['src/**/*.js'],
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: NO_MARKUP_FROM_STRINGS },
        { property: 'outerHTML', message: NO_MARKUP_FROM_STRINGS },
        { property: 'insertAdjacentHTML', message: NO_MARKUP_FROM_STRINGS },
        { object: 'document', property: 'write', message: NO_MARKUP_FROM_STRINGS },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/directives/unsafe-*'], message: NO_MARKUP_FROM_STRINGS }] },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TemplateElement[value.raw=/\\sstyle\\s*=/]',
          message: 'The content policy refuses style attributes: use a class or cssVars().',
        },
      ],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['test/**/*.js', 'scripts/**/*.mjs', 'eslint.config.js'],
    languageOptions: { globals: globals.node },
  },
]
