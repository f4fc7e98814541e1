import { mount } from '../mount';
import { ComparePanel } from './comparePanel';

mount(new ComparePanel());
