import { mount } from '../mount';
import { ModelPanel } from './modelPanel';

mount(new ModelPanel());
